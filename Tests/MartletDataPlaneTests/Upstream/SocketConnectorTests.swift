import MartletDataPlane
import MartletTestSupport
import NIOCore
import NIOPosix
import Testing

/// Real sockets: the one thing about them that a simulated network does not show is that they can
/// fail before the dial has returned.
@Suite struct SocketConnectorTests {
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

    private func ask(_ address: SocketAddress, _ text: String) async throws -> MessageReader {
        let group = MultiThreadedEventLoopGroup.singleton
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

    /// The kernel refuses to connect to the broadcast address at once, without a packet.
    ///
    /// With several endpoints the next dial begins while the one before is being reported.
    @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 5])
    func aDialThatFailsAtOnceIsAnswered(endpointCount: Int) async throws {
        let endpoints = (1...endpointCount).map { "http://255.255.255.255:\($0)" }
        let plan = try SimulatedWorker.compile(
            """
            listeners: { public: "127.0.0.1:0" }
            upstreams: { origin: { endpoints: [\(endpoints.joined(separator: ", "))] } }
            routes: [{ match: { prefix: / }, upstream: origin }]
            """)
        let workers = try await WorkerGroup.start(count: 1, plan: plan, accessLog: nil)
        let listener = try await workers.listen(plan.listeners[0], index: 0)
        let reader = try await self.ask(
            listener.address,
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                + "PUT /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"
                + "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(reader.messages.map(\.status) == [502, 502, 502])
        for message in reader.messages {
            #expect(message.bodyText.contains("\"connect_refused\""), "\(message.bodyText)")
        }
        #expect(try await workers.load().exchanges == 0)
        await listener.close()
        try await workers.stop()
    }
}
