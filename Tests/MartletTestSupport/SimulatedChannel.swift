package import NIOCore
package import NIOEmbedded

/// One end of a TCP connection without a kernel: the channel that Martlet holds, and what its peer
/// can do to it.
///
/// Behaves as NIO's sockets do where the data plane relies on it: reads stop without `autoRead`,
/// writes wait for room, half-closing waits for the writes before it, closing drops them. Confined
/// to its loop, as every channel; a test runs on one thread.
// SAFETY: only its test's thread touches it; `Channel` asks for `Sendable` all the same.
package final class SimulatedChannel: Channel, @unchecked Sendable {
    /// The most bytes that may wait before the channel calls itself not writable.
    package static let highWatermark = 64 * 1024
    static let lowWatermark = 32 * 1024

    package let eventLoop: any EventLoop
    package let allocator = ByteBufferAllocator()
    package let remoteAddress: SocketAddress?
    package let localAddress: SocketAddress? = nil
    package let parent: (any Channel)? = nil
    private var pipelineStorage: ChannelPipeline?
    private let closePromise: EventLoopPromise<Void>

    package private(set) var isActive = false
    package private(set) var isWritable = true
    private var isOpen = true
    private var isAutoRead = true

    /// What the peer has sent and Martlet has not read.
    private var inbox: [[UInt8]] = []
    private var hasPeerEnded = false
    private var isInputShut = false
    private var isOutputClosing = false
    private var isOutputShut = false
    private var unflushed: [(ByteBuffer, EventLoopPromise<Void>?)] = []
    private var flushed: [(ByteBuffer, EventLoopPromise<Void>?)] = []
    private var bufferedCount = 0
    /// Bytes that the peer's window still takes.
    private var room = Int.max
    /// What has arrived at the peer and was not taken by `takeReceived`.
    private var received: [UInt8] = []
    /// All bytes that ever arrived at the peer.
    package private(set) var receivedCount = 0

    /// As the socket option: without it, the channel closes when the peer ends its side.
    private let allowsHalfClosure: Bool

    package init(
        eventLoop: EmbeddedEventLoop, remoteAddress: SocketAddress? = nil, allowsHalfClosure: Bool
    ) {
        self.allowsHalfClosure = allowsHalfClosure
        self.eventLoop = eventLoop
        self.remoteAddress = remoteAddress
        self.closePromise = eventLoop.makePromise()
        self.pipelineStorage = ChannelPipeline(channel: self)
    }

    package var pipeline: ChannelPipeline {
        guard let pipeline = self.pipelineStorage else { fatalError("a channel has a pipeline") }
        return pipeline
    }

    package var closeFuture: EventLoopFuture<Void> { self.closePromise.futureResult }
    package var _channelCore: any ChannelCore { self }
    package var syncOptions: (any NIOSynchronousChannelOptions)? { self }

    package func setOption<Option: ChannelOption>(
        _ option: Option, value: Option.Value
    ) -> EventLoopFuture<Void> {
        self.eventLoop.makeCompletedFuture {
            try (self as any NIOSynchronousChannelOptions).setOption(option, value: value)
        }
    }

    package func getOption<Option: ChannelOption>(
        _ option: Option
    ) -> EventLoopFuture<Option.Value> {
        self.eventLoop.makeCompletedFuture {
            try (self as any NIOSynchronousChannelOptions).getOption(option)
        }
    }
}

// MARK: - The peer

extension SimulatedChannel {
    /// The connection stands.
    package func activate() {
        guard self.isOpen, !self.isActive else { return }
        self.isActive = true
        self.pipeline.syncOperations.fireChannelActive()
        self.deliver()
    }

    /// The peer sends bytes, which Martlet reads as one piece.
    package func peerSends(_ bytes: [UInt8]) {
        guard self.isOpen, !self.hasPeerEnded, !bytes.isEmpty else { return }
        self.inbox.append(bytes)
        self.deliver()
    }

    package func peerSends(_ text: String) { self.peerSends(Array(text.utf8)) }

    /// The peer sends no more.
    ///
    /// As with a socket, what it has sent is read even without `autoRead`.
    package func peerEndsSending() {
        guard self.isOpen, !self.hasPeerEnded else { return }
        self.hasPeerEnded = true
        self.deliver()
        guard self.isOpen, self.isActive else { return }
        self.isInputShut = true
        if self.isOutputShut || !self.allowsHalfClosure { return self.closeWhole() }
        self.pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// The connection is reset.
    package func peerResets() {
        guard self.isOpen else { return }
        self.hasPeerEnded = true
        self.inbox = []
        self.closeWhole()
    }

    /// From here on the peer takes `count` bytes and no more.
    package func setRoom(_ count: Int) { self.room = count }

    /// The peer takes `count` bytes more.
    package func addRoom(_ count: Int) {
        self.room = self.room.addingReportingOverflow(count).overflow ? .max : self.room + count
        self.drain()
    }

    package func takeReceived() -> [UInt8] {
        defer { self.received = [] }
        return self.received
    }

    package var isClosed: Bool { !self.isOpen }
    /// Martlet sends no more: the peer sees the end behind the last byte.
    package var hasEnded: Bool { self.isOutputShut || !self.isOpen }
    package var isReadPaused: Bool { !self.isAutoRead }
    /// Bytes that Martlet has not read.
    package var unreadCount: Int { self.inbox.reduce(0) { $0 + $1.count } }

    private func deliver() {
        while self.isOpen, self.isActive, self.isAutoRead || self.hasPeerEnded,
            !self.inbox.isEmpty
        {
            let buffer = ByteBuffer(bytes: self.inbox.removeFirst())
            self.pipeline.syncOperations.fireChannelRead(NIOAny(buffer))
            self.pipeline.syncOperations.fireChannelReadComplete()
        }
    }
}

// MARK: - Writing

extension SimulatedChannel {
    private func drain() {
        while self.room > 0, let (buffer, promise) = self.flushed.first {
            var buffer = buffer
            let taken = min(self.room, buffer.readableBytes)
            self.received.append(contentsOf: buffer.readBytes(length: taken) ?? [])
            self.receivedCount += taken
            self.bufferedCount -= taken
            if self.room != .max { self.room -= taken }
            if buffer.readableBytes > 0 {
                self.flushed[0].0 = buffer
            } else {
                self.flushed.removeFirst()
                promise?.succeed(())
            }
            guard self.isOpen else { return }
        }
        self.checkWritable()
        if self.isOpen, self.isOutputClosing, self.flushed.isEmpty { self.shutOutput() }
    }

    private func checkWritable() {
        if self.isWritable, self.bufferedCount > Self.highWatermark {
            self.isWritable = false
        } else if !self.isWritable, self.bufferedCount < Self.lowWatermark {
            self.isWritable = true
        } else {
            return
        }
        if self.isOpen { self.pipeline.syncOperations.fireChannelWritabilityChanged() }
    }

    private func shutOutput() {
        guard !self.isOutputShut else { return }
        self.isOutputShut = true
        self.pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.outputClosed)
    }

    private func closeWhole() {
        guard self.isOpen else { return }
        let wasActive = self.isActive
        self.isOpen = false
        self.isActive = false
        let lost = self.flushed + self.unflushed
        self.flushed = []
        self.unflushed = []
        self.bufferedCount = 0
        for (_, promise) in lost { promise?.fail(ChannelError.ioOnClosedChannel) }
        if wasActive { self.pipeline.syncOperations.fireChannelInactive() }
        self.pipeline.syncOperations.fireChannelUnregistered()
        self.eventLoop.execute {
            self.removeHandlers(pipeline: self.pipeline)
            self.closePromise.succeed(())
            self.pipelineStorage = nil
        }
    }
}

extension SimulatedChannel: ChannelCore {
    package func localAddress0() throws -> SocketAddress { throw ChannelError.operationUnsupported }
    package func remoteAddress0() throws -> SocketAddress {
        guard let address = self.remoteAddress else { throw ChannelError.operationUnsupported }
        return address
    }
    package func register0(promise: EventLoopPromise<Void>?) { promise?.succeed(()) }
    package func registerAlreadyConfigured0(promise: EventLoopPromise<Void>?) {
        promise?.succeed(())
    }
    package func bind0(to: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }
    package func connect0(to: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    package func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard self.isOpen, !self.isOutputShut, !self.isOutputClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let buffer = self.unwrapData(data, as: ByteBuffer.self)
        self.bufferedCount += buffer.readableBytes
        self.unflushed.append((buffer, promise))
        self.checkWritable()
    }

    package func flush0() {
        self.flushed += self.unflushed
        self.unflushed = []
        // An empty write is done once all before it are.
        self.drain()
        while self.room == 0, let (buffer, promise) = self.flushed.first,
            buffer.readableBytes == 0
        {
            self.flushed.removeFirst()
            promise?.succeed(())
        }
    }

    package func read0() { self.deliver() }

    package func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard self.isOpen else {
            promise?.fail(ChannelError.alreadyClosed)
            return
        }
        switch mode {
        case .all:
            self.closeWhole()
        case .output:
            if self.isInputShut {
                self.closeWhole()
            } else if self.flushed.isEmpty {
                self.shutOutput()
            } else {
                self.isOutputClosing = true
            }
        case .input:
            self.isInputShut = true
        }
        promise?.succeed(())
    }

    package func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) {
        promise?.succeed(())
    }
    package func channelRead0(_ data: NIOAny) {}
    package func errorCaught0(error: any Error) {}
}

extension SimulatedChannel: NIOSynchronousChannelOptions {
    package func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) throws {
        guard option is ChannelOptions.Types.AutoReadOption, let value = value as? Bool else {
            throw ChannelError.operationUnsupported
        }
        let before = self.isAutoRead
        self.isAutoRead = value
        // As in a socket, the bytes that wait are read in a later turn of the loop.
        if value, !before { self.eventLoop.execute { self.deliver() } }
    }

    package func getOption<Option: ChannelOption>(_ option: Option) throws -> Option.Value {
        if option is ChannelOptions.Types.AutoReadOption,
            let value = self.isAutoRead as? Option.Value
        {
            return value
        }
        if option is ChannelOptions.Types.BufferedWritableBytesOption,
            let value = self.bufferedCount as? Option.Value
        {
            return value
        }
        throw ChannelError.operationUnsupported
    }
}
