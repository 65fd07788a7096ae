package import MartletHTTP
package import NIOCore

/// Writes a head into memory that has been set aside for it: one bounds check a piece, no
/// bookkeeping.
///
/// What does not fit is not written and makes the whole head be written again.
@safe package struct HeadCursor: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    fileprivate private(set) var count = 0
    fileprivate private(set) var isOverfull = false

    fileprivate init(_ memory: UnsafeMutableRawBufferPointer) {
        unsafe self.memory = unsafe memory
    }

    @inline(__always)
    private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        let end = self.count + bytes.count
        guard unsafe end <= self.memory.count, let source = bytes.baseAddress,
            let target = unsafe self.memory.baseAddress
        else {
            if bytes.count > 0 { self.isOverfull = true }
            return
        }
        unsafe (target + self.count).copyMemory(from: source, byteCount: bytes.count)
        self.count = end
    }

    @inline(__always)
    package mutating func write(_ text: StaticString) {
        let bytes = unsafe UnsafeRawBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        unsafe self.write(bytes)
    }

    package mutating func write(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBytes { unsafe self.write($0) }
    }

    package mutating func write(_ bytes: [UInt8]) {
        self.write(bytes.span)
    }

    /// The bytes that a range of a head stands for.
    package mutating func write(_ range: ByteRange, of headers: borrowing HeaderList) {
        self.write(headers.span(range))
    }

    package mutating func writeDecimal(_ number: Int) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = 20
        var rest = number.magnitude
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        self.write(digits.span.extracting(start..<20))
    }

    package mutating func writeHexadecimal(_ number: Int) {
        var digits = InlineArray<16, UInt8>(repeating: 0)
        var start = 16
        var rest = number.magnitude
        repeat {
            start -= 1
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            digits[start] = digit < 10 ? 0x30 + digit : 0x57 + digit
            rest >>= 4
        } while rest > 0
        self.write(digits.span.extracting(start..<16))
    }
}

extension ByteBuffer {
    /// Appends what `body` writes.
    ///
    /// `body` is run again with more room if `capacity` was too low, so running it twice must come
    /// to the same.
    package mutating func writeHead(capacity: Int, _ body: (inout HeadCursor) -> Void) {
        var capacity = capacity
        while true {
            var isOverfull = false
            unsafe self.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { memory in
                var cursor = unsafe HeadCursor(memory)
                body(&cursor)
                isOverfull = cursor.isOverfull
                return cursor.isOverfull ? 0 : cursor.count
            }
            guard isOverfull else { return }
            capacity *= 2
        }
    }
}
