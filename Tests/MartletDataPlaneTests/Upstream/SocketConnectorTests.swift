import MartletDataPlane
import MartletTestSupport
import NIOCore
import NIOPosix
import Testing

/// Real sockets: what a simulated network does not show is that they can fail while the dial is
/// still being made.
@Suite struct SocketConnectorTests {
    /// Dials and sees whether the outcome was told before the dial had returned.
    private final class WatchingConnector: UpstreamConnector {
        private let sockets: SocketConnector
        weak var worker: Worker?
        private(set) var dialCount = 0
        private(set) var earlyCount = 0

        init(eventLoop: any EventLoop) { self.sockets = SocketConnector(eventLoop: eventLoop) }

        private var connectionCount: Int? {
            self.worker?.generation.upstreams.first?.connectionCount
        }

        func connect(to address: SocketAddress, handler: any UpstreamHandler) {
            let before = self.connectionCount
            self.sockets.connect(to: address, handler: handler)
            self.dialCount += 1
            if self.connectionCount != before { self.earlyCount += 1 }
        }
    }

    /// A worker on a real loop with one listener.
    private final class Served {
        let worker: Worker
        let connector: WatchingConnector
        let listener: ListenerState

        init(_ plan: Plan, eventLoop: any EventLoop) {
            self.connector = WatchingConnector(eventLoop: eventLoop)
            self.worker = Worker(
                eventLoop: eventLoop, index: 0, workerCount: 1, plan: plan, seed: 1,
                connector: self.connector, accessLog: AccessLogBatch(sink: nil),
                allocator: ByteBufferAllocator())
            self.connector.worker = self.worker
            self.listener = ListenerState(
                plan: plan.listeners[0], index: 0, port: 0, connectionCount: ConnectionCount())
        }
    }

    /// Everything that comes until the end of a connection.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private var bytes = ByteBuffer()
        private let whole: EventLoopPromise<ByteBuffer>

        init(_ whole: EventLoopPromise<ByteBuffer>) { self.whole = whole }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.bytes.writeImmutableBuffer(self.unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) { self.whole.succeed(self.bytes) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.whole.fail(error)
            context.close(promise: nil)
        }
    }

    private func ask(
        _ address: SocketAddress, _ text: String, group: MultiThreadedEventLoopGroup
    ) async throws -> MessageReader {
        let whole = group.any().makePromise(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(whole))
                }
            }
            .connect(to: address).get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
        var reader = MessageReader()
        reader.take(Array(buffer: try await whole.futureResult.get()))
        return reader
    }

    private static let requests =
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
        + "PUT /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"
        + "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    /// The kernel refuses to connect to the broadcast address at once, without a packet.
    ///
    /// With several endpoints the next dial begins while the one before is being reported; three
    /// are tried at most.
    @Test(.timeLimit(.minutes(1)), arguments: [(1, 1), (2, 2), (5, 3)])
    func aDialThatFailsAtOnceIsReportedLater(endpointCount: Int, tries: Int) async throws {
        let endpoints = (1...endpointCount).map { "http://255.255.255.255:\($0)" }
        let plan = try SimulatedWorker.compile(
            """
            listeners: { public: "127.0.0.1:0" }
            upstreams: { origin: { endpoints: [\(endpoints.joined(separator: ", "))] } }
            routes: [{ match: { prefix: / }, upstream: origin }]
            """)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let served = try await eventLoop.submit {
            NIOLoopBound(Served(plan, eventLoop: eventLoop), eventLoop: eventLoop)
        }.get()
        let server = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try DownstreamPipeline.install(
                        on: channel, worker: served.value.worker, listener: served.value.listener)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(server.localAddress)
        let reader = try await self.ask(address, Self.requests, group: group)

        #expect(reader.messages.map(\.status) == [502, 502, 502])
        for message in reader.messages {
            #expect(message.bodyText.contains("\"connect_refused\""), "\(message.bodyText)")
        }
        let (dials, early, exchanges) = try await eventLoop.submit {
            let served = served.value
            return (
                served.connector.dialCount, served.connector.earlyCount,
                served.worker.exchangeCount
            )
        }.get()
        #expect(dials == 3 * tries)
        #expect(early == 0)
        #expect(exchanges == 0)
        try await server.close()
        try await group.shutdownGracefully()
    }
}
