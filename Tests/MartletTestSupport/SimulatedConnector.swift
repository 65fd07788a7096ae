package import MartletDataPlane
package import NIOCore
package import NIOEmbedded

/// A dial that the network has not answered, or has.
package struct SimulatedDial {
    package let address: SocketAddress
    package let handler: any UpstreamHandler
    package let channel: SimulatedChannel
}

/// The network behind Martlet: every dial waits until the test lets it succeed or fail.
package final class SimulatedConnector: UpstreamConnector {
    private let eventLoop: EmbeddedEventLoop
    /// Not yet answered.
    package private(set) var dials: [SimulatedDial] = []
    /// Every channel that was opened, in order.
    package private(set) var channels: [SimulatedChannel] = []
    package private(set) var dialCount = 0

    package init(eventLoop: EmbeddedEventLoop) {
        self.eventLoop = eventLoop
    }

    package func connect(to address: SocketAddress, handler: any UpstreamHandler) {
        let channel = SimulatedChannel(
            eventLoop: self.eventLoop, remoteAddress: address, allowsHalfClosure: false)
        self.dialCount += 1
        self.dials.append(SimulatedDial(address: address, handler: handler, channel: channel))
    }

    /// Lets the oldest dial, or the one given, succeed.
    @discardableResult
    package func accept(_ index: Int = 0) throws -> SimulatedChannel {
        let dial = self.dials.remove(at: index)
        try dial.channel.pipeline.syncOperations.addHandler(dial.handler)
        self.channels.append(dial.channel)
        dial.channel.activate()
        return dial.channel
    }

    package func refuse(_ index: Int = 0) {
        self.dials.remove(at: index).handler.connectFailed(.connectRefused)
    }
}
