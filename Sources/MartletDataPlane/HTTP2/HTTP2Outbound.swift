import MartletHTTP
import NIOCore

/// Frames on their way to one channel: what is small is joined, DATA payloads are passed on.
///
/// Owned by a connection; sent once in each turn of the loop.
struct HTTP2Outbound {
    private var bytes = OutboundBytes()

    /// Whole frames, headers and all.
    mutating func write(capacity: Int, worker: Worker, _ body: (inout ByteCursor) -> Void) {
        self.bytes.open(worker)
        self.bytes.buffer.writeHead(capacity: capacity, body)
    }

    /// Frames that were written beforehand.
    mutating func write(
        _ frames: ByteBuffer, to context: ChannelHandlerContext, worker: Worker
    ) {
        self.bytes.writeBody(frames, isChunked: false, to: context, worker: worker)
    }

    /// A DATA frame (RFC 9113 §6.1).
    mutating func writeData(
        _ payload: ByteBuffer, streamID: UInt32, endStream: Bool,
        to context: ChannelHandlerContext, worker: Worker
    ) {
        let count = payload.readableBytes
        self.write(capacity: 16, worker: worker) {
            HTTP2FrameWriter.writeDataHeader(
                streamID: streamID, payloadCount: count, endStream: endStream, to: &$0)
        }
        self.bytes.writeBody(payload, isChunked: false, to: context, worker: worker)
    }

    mutating func close(to context: ChannelHandlerContext) -> ByteBuffer? {
        self.bytes.close(to: context)
    }

    mutating func discard(worker: Worker) {
        self.bytes.discard(worker: worker)
    }
}
