import MartletHTTP
import NIOCore

extension ByteBuffer {
    /// Appends borrowed bytes.
    mutating func writeSpan(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBytes { bytes in
            _ = unsafe self.writeBytes(bytes)
        }
    }

    /// Appends the bytes that a range of a head stands for.
    mutating func writeRange(_ range: ByteRange, of headers: borrowing HeaderList) {
        self.writeSpan(headers.span(range))
    }
}
