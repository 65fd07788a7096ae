package import MartletHTTP
package import NIOCore

/// Writes the chunked transfer coding (RFC 9112 §7.1). Extensions are never written.
package enum ChunkedEncoder {
    private static let digits: [UInt8] = Array("0123456789abcdef".utf8)

    package static func writeSize(_ count: Int, to buffer: inout ByteBuffer) {
        var shift = max(0, (Int.bitWidth - count.leadingZeroBitCount - 1) / 4 * 4)
        while shift >= 0 {
            buffer.writeInteger(Self.digits[count >> shift & 15])
            shift -= 4
        }
        buffer.writeStaticString("\r\n")
    }

    /// The CR LF behind chunk data.
    package static func writeEnd(of count: Int, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("\r\n")
    }

    /// The last chunk with its trailer section.
    package static func writeLast(trailers: HeaderList, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("0\r\n")
        HeadWriter.writeFields(of: trailers, to: &buffer)
        buffer.writeStaticString("\r\n")
    }
}
