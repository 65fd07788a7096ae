/// Writes a head, a frame or a log line into memory that has been set aside: one bounds check a
/// piece, no bookkeeping.
///
/// What does not fit is not written and makes the whole of it be written again. Lives for one call
/// of whoever owns the memory.
@safe package struct ByteCursor: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    /// Bytes written so far.
    package private(set) var count = 0
    /// Whether something did not fit, so that what was written is of no use.
    package private(set) var isOverfull = false

    /// Begins at the start of `memory`, which must outlive the cursor.
    package init(_ memory: UnsafeMutableRawBufferPointer) {
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

    package mutating func writeByte(_ byte: UInt8) {
        guard unsafe self.count < self.memory.count else {
            self.isOverfull = true
            return
        }
        unsafe self.memory[self.count] = byte
        self.count += 1
    }

    /// A field name in lower case, as HTTP/2 has them.
    package mutating func writeLowercased(_ name: Span<UInt8>) {
        let start = self.count
        self.write(name)
        guard self.count > start else { return }
        for index in start..<self.count {
            unsafe self.memory[index] = ByteClass.lowercased(self.memory[index])
        }
    }

    package mutating func writeDecimal(_ number: Int) {
        self.writeDecimal(UInt64(number.magnitude))
    }

    /// The lowest `width` digits of a number at least, with leading zeros; all it has if more.
    package mutating func writeDecimal(_ number: UInt64, width: Int = 1) {
        let end = self.count + max(width, Self.digitCount(number))
        guard unsafe end <= self.memory.count else {
            self.isOverfull = true
            return
        }
        // From the last digit on, since a division by a constant is a multiplication.
        var index = end
        var rest = number
        while index > self.count {
            index -= 1
            unsafe self.memory[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        self.count = end
    }

    private static func digitCount(_ number: UInt64) -> Int {
        var count = 1
        var rest = number
        while rest >= 10 {
            count += 1
            rest /= 10
        }
        return count
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

    // MARK: Going back

    /// A byte that has been written.
    package func written(at index: Int) -> UInt8 {
        precondition(index >= 0 && index < self.count)
        return unsafe self.memory[index]
    }

    /// Overwrites a byte that has been written.
    ///
    /// Does nothing once the memory has run out.
    package mutating func overwrite(at index: Int, with byte: UInt8) {
        guard !self.isOverfull else { return }
        precondition(index >= 0 && index < self.count)
        unsafe self.memory[index] = byte
    }

    /// Makes room for `added` bytes before what was written from `index` on.
    ///
    /// The bytes of the room are to be overwritten.
    package mutating func insertRoom(_ added: Int, at index: Int) {
        guard !self.isOverfull else { return }
        precondition(index >= 0 && index <= self.count && added >= 0)
        guard unsafe self.count + added <= self.memory.count,
            let start = unsafe self.memory.baseAddress
        else {
            self.isOverfull = true
            return
        }
        unsafe (start + index + added).copyMemory(
            from: start + index, byteCount: self.count - index)
        self.count += added
    }
}
