package import MartletHTTP

/// Writes the chunked transfer coding (RFC 9112 §7.1).
///
/// Extensions are never written.
package enum ChunkedEncoder {
    /// The size line of a chunk, and nothing else.
    package static func writeSize(_ count: Int, to cursor: inout ByteCursor) {
        cursor.writeHexadecimal(count)
        cursor.write("\r\n")
    }

    /// The last chunk with its trailer section.
    package static func writeLast(trailers: borrowing HeaderList, to cursor: inout ByteCursor) {
        cursor.write("0\r\n")
        HeadWriter.writeFields(of: trailers, to: &cursor)
        cursor.write("\r\n")
    }
}
