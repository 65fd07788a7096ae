import MartletDataPlane
import MartletTestSupport
import NIOCore
import Testing

@Suite struct OutboundBytesTests {
    /// Notes the size of each write.
    private final class Recorder: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private(set) var sizes: [Int] = []

        func write(
            context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
        ) {
            self.sizes.append(self.unwrapOutboundIn(data).readableBytes)
            context.write(data, promise: promise)
        }
    }

    private final class Writer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
    }

    private let simulation: SimulatedWorker
    private let channel: SimulatedChannel
    private let context: ChannelHandlerContext
    private let recorder = Recorder()

    init() throws {
        self.simulation = try SimulatedWorker()
        self.channel = SimulatedChannel(
            eventLoop: self.simulation.eventLoop, allowsHalfClosure: true)
        let writer = Writer()
        try self.channel.pipeline.syncOperations.addHandlers([self.recorder, writer])
        self.context = try self.channel.pipeline.syncOperations.context(handler: writer)
        self.channel.activate()
    }

    private func body(_ count: Int) -> ByteBuffer {
        ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    }

    /// The sizes of the writes for a head of four bytes and one piece of the body.
    @Test(arguments: [
        (0, false, [4]), (1, false, [5]), (4096, false, [4100]), (4097, false, [4, 4097]),
        (100_000, false, [4, 100_000]),
        (0, true, [4]), (1, true, [10]), (4096, true, [4 + 6 + 4096 + 2]),
        (4097, true, [4 + 6, 4097, 2]),
    ])
    func smallPiecesAreJoinedAndLargeOnesPassedOn(count: Int, isChunked: Bool, sizes: [Int]) {
        var outbound = OutboundBytes()
        outbound.open(self.simulation.worker)
        outbound.buffer.writeString("HEAD")
        let piece = self.body(count)
        outbound.writeBody(
            piece, isChunked: isChunked, to: self.context, worker: self.simulation.worker)
        let spent = outbound.close(to: self.context)
        #expect(spent != nil)
        #expect(self.recorder.sizes == sizes)
        #expect(self.channel.receivedCount == 0, "flushing is the caller's")
        self.context.flush()

        var expected = Array("HEAD".utf8)
        if isChunked, count > 0 { expected += Array("\(String(count, radix: 16))\r\n".utf8) }
        expected += Array(buffer: piece)
        if isChunked, count > 0 { expected += [13, 10] }
        #expect(self.channel.takeReceived() == expected)
    }

    @Test func manyPiecesKeepTheirOrder() {
        var outbound = OutboundBytes()
        var expected: [UInt8] = []
        for count in [1, 5000, 3, 4096, 4097, 4097, 0, 2] {
            let piece = self.body(count)
            expected += Array(buffer: piece)
            outbound.writeBody(
                piece, isChunked: false, to: self.context, worker: self.simulation.worker)
        }
        _ = outbound.close(to: self.context)
        self.context.flush()
        #expect(self.channel.takeReceived() == expected)
    }

    /// What the channel still holds must not change when the buffer is used again.
    @Test func aReceiverThatIsSlowGetsWhatWasWritten() {
        self.channel.setRoom(0)
        var outbound = OutboundBytes()
        var expected = ""
        for text in ["first", "second", "third"] {
            outbound.open(self.simulation.worker)
            outbound.buffer.writeString(text)
            _ = outbound.close(to: self.context)
            self.context.flush()
            expected += text
        }
        self.channel.addRoom(1000)
        #expect(self.channel.takeReceived() == Array(expected.utf8))
    }

    @Test func nothingIsWrittenOfNothing() {
        var outbound = OutboundBytes()
        #expect(outbound.close(to: self.context) == nil)
        outbound.writeBody(
            ByteBuffer(), isChunked: true, to: self.context, worker: self.simulation.worker)
        #expect(outbound.close(to: self.context) == nil)
        outbound.open(self.simulation.worker)
        #expect(outbound.close(to: self.context) != nil)
        #expect(outbound.close(to: self.context) == nil)
        #expect(self.recorder.sizes.isEmpty)
    }

    @Test func whatIsDiscardedIsNeverSent() {
        var outbound = OutboundBytes()
        outbound.open(self.simulation.worker)
        outbound.buffer.writeString("secret")
        outbound.discard(worker: self.simulation.worker)
        outbound.discard(worker: self.simulation.worker)
        #expect(outbound.close(to: self.context) == nil)
        outbound.open(self.simulation.worker)
        #expect(outbound.buffer.readableBytes == 0)
        outbound.buffer.writeString("next")
        _ = outbound.close(to: self.context)
        self.context.flush()
        #expect(self.channel.takeReceived() == Array("next".utf8))
    }
}
