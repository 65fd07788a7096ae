#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reading bytes that strangers sent: nothing here can leave the bounds.
extension Span where Element == UInt8 {
    /// The byte at an index; 0 outside.
    @inline(__always) func at(_ index: Int) -> UInt8 {
        index >= 0 && index < self.count ? self[index] : 0
    }

    /// Whether `text` (ASCII, lower case where it matters) stands at an index.
    func holds(_ text: StaticString, at index: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index >= 0, index <= self.count - count else { return false }
        let other = unsafe UnsafeBufferPointer(start: text.utf8Start, count: count)
        for offset in 0..<count where unsafe self[index + offset] != other[offset] { return false }
        return true
    }

    /// Whether `text` ends just before an index.
    func holds(_ text: StaticString, before index: Int) -> Bool {
        self.holds(text, at: index - text.utf8CodeUnitCount)
    }

    func isEqual(to text: StaticString) -> Bool {
        self.count == text.utf8CodeUnitCount && self.holds(text, at: 0)
    }

    /// The same without regard to the case of ASCII letters; `text` is lower case.
    func isEqualIgnoringCase(to text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard self.count == count else { return false }
        let other = unsafe UnsafeBufferPointer(start: text.utf8Start, count: count)
        for index in 0..<count where unsafe TextByte.lowercased(self[index]) != other[index] {
            return false
        }
        return true
    }

    /// The first index at or after `index` without a blank, or 64 further on.
    ///
    /// The bound keeps detectors linear that ask at every byte.
    func skippingBlanks(from index: Int) -> Int {
        var index = index
        let end = Swift.min(self.count, Swift.max(index, 0) + 64)
        while index < end, TextByte.isBlank(self.at(index)) { index += 1 }
        return index
    }

    /// The same for spaces and HTABs only.
    func skippingSpaces(from index: Int) -> Int {
        var index = index
        while index < self.count, self[index] == 0x20 || self[index] == 9 { index += 1 }
        return index
    }

    /// The last index before `index` without a blank, or -1.
    func skippingBlanksBackwards(from index: Int) -> Int {
        var index = index
        let floor = index - 64
        while index >= 0, index > floor, TextByte.isBlank(self.at(index)) { index -= 1 }
        return index
    }

    /// The end of the run of word bytes that begins at an index.
    func wordEnd(from index: Int) -> Int {
        var index = index
        while index < self.count, TextByte.isWord(self[index]) { index += 1 }
        return index
    }

    /// The first index of `byte` at or after `start` and before `end`.
    func index(of byte: UInt8, from start: Int, before end: Int = .max) -> Int? {
        let start = Swift.max(start, 0)
        let end = Swift.min(end, self.count)
        guard start < end else { return nil }
        // memchr is vectorised by the C library; the pointer does not leave this closure.
        return unsafe self.withUnsafeBufferPointer { buffer -> Int? in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), end - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// The first index of `text` at or after `start` and before `end`.
    func index(of text: StaticString, from start: Int, before end: Int = .max) -> Int? {
        let first = unsafe text.utf8Start.pointee
        let last = Swift.min(end, self.count - text.utf8CodeUnitCount + 1)
        var index = start
        while let found = self.index(of: first, from: index, before: last) {
            if self.holds(text, at: found) { return found }
            index = found + 1
        }
        return nil
    }

    func contains(_ text: StaticString) -> Bool { self.index(of: text, from: 0) != nil }

    func hasPrefix(_ text: StaticString) -> Bool { self.holds(text, at: 0) }
    func hasSuffix(_ text: StaticString) -> Bool { self.holds(text, before: self.count) }

    /// The traits of all bytes together.
    func traits(_ table: Span<UInt32>) -> ByteTraits {
        var bits: UInt32 = 0
        precondition(table.count == 256)
        unsafe self.withUnsafeBufferPointer { bytes in
            unsafe table.withUnsafeBufferPointer { table in
                for index in 0..<bytes.count { unsafe bits |= table[Int(bytes[index])] }
            }
        }
        return ByteTraits(rawValue: bits)
    }
}
