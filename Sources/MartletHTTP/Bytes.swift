#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Byte classes of the HTTP grammar and comparisons on borrowed bytes.
///
/// Everything here is bounds-checked: the bytes come from strangers.
@usableFromInline package enum ByteClass {
    /// `tchar` of RFC 9110 §5.6.2: what methods and field names are made of.
    package static let token: UInt8 = 1
    /// `field-vchar`, SP and HTAB (RFC 9110 §5.5): everything but controls and DEL.
    package static let fieldValue: UInt8 = 2
    /// What may stand in a request target (RFC 3986): visible ASCII without `#` and
    /// ``" < > \ ^ ` { | }``.
    package static let target: UInt8 = 4
    /// Hexadecimal digits.
    package static let hex: UInt8 = 8

    /// The class bits of each byte.
    package static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        for byte in UInt8.min...UInt8.max {
            var bits: UInt8 = 0
            let isAlphanumeric =
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
            if isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(byte) { bits |= token }
            if byte == 9 || (byte >= 0x20 && byte != 0x7f) { bits |= fieldValue }
            if isAlphanumeric || "-._~:/?[]@!$&'()*+,;=%".utf8.contains(byte) { bits |= target }
            if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
            {
                bits |= hex
            }
            table[Int(byte)] = bits
        }
        return table
    }()

    /// Whether a byte is a `tchar`: one bit of a constant, since this is asked of every byte of
    /// every name.
    @inlinable package static func isToken(_ byte: UInt8) -> Bool {
        let word: UInt64 = byte < 64 ? 0x03ff_6cfa_0000_0000 : 0x57ff_ffff_c7ff_fffe
        return byte < 128 && word &>> UInt64(byte & 63) & 1 != 0
    }

    /// Whether a byte may stand in a field value.
    @inlinable package static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7f : byte == 9
    }

    /// The value of a hexadecimal digit, or `nil`.
    @inlinable package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    /// ASCII lower case of a byte.
    @inlinable package static func lowercased(_ byte: UInt8) -> UInt8 {
        0x41...0x5a ~= byte ? byte | 0x20 : byte
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are exactly `text`.
    @inlinable package func isEqual(to text: StaticString) -> Bool {
        guard self.count == text.utf8CodeUnitCount else { return false }
        let other = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for index in self.indices where unsafe self[index] != other[index] { return false }
        return true
    }

    /// Whether the bytes are `text`, ASCII letters compared without case.
    ///
    /// `text` is lower case.
    @inlinable package func isEqualIgnoringCase(to text: StaticString) -> Bool {
        guard self.count == text.utf8CodeUnitCount else { return false }
        let other = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return unsafe self.withUnsafeBufferPointer { bytes in
            var difference: UInt8 = 0
            for index in 0..<bytes.count {
                unsafe difference |= ByteClass.lowercased(bytes[index]) ^ other[index]
            }
            return difference == 0
        }
    }

    /// Whether one of eight bytes is below 0x20 or is 0x7f (Warren, Hacker's Delight §6-1).
    private static func holdsControl(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let below = (word &- ones &* 0x20) & ~word
        let delete = word ^ (ones &* 0x7f)
        return (below | (delete &- ones) & ~delete) & (ones &* 0x80) != 0
    }

    /// Whether a field name is `text` (lower case), compared without case, eight bytes at a time.
    ///
    /// Only for bytes that are tokens: setting bit 5 makes letters small and leaves digits and `-`
    /// alone, and what else it would make equal to them is not a token byte.
    package func isTokenEqual(to text: StaticString) -> Bool {
        guard self.count == text.utf8CodeUnitCount else { return false }
        return unsafe self.withUnsafeBytes { bytes in
            let other = unsafe UnsafeRawPointer(text.utf8Start)
            let mask: UInt64 = 0x2020_2020_2020_2020
            var index = 0
            while index &+ 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let wanted = unsafe other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                guard word | mask == wanted else { return false }
                index &+= 8
            }
            while index < bytes.count {
                let wanted = unsafe other.load(fromByteOffset: index, as: UInt8.self)
                guard unsafe bytes[index] | 0x20 == wanted else { return false }
                index &+= 1
            }
            return true
        }
    }

    /// Whether every byte may stand in a field value: eight at a time until one may not, which
    /// may be a HTAB.
    package var isFieldValue: Bool {
        unsafe self.withUnsafeBytes { bytes in
            var index = 0
            while index &+ 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if Self.holdsControl(word) { break }
                index &+= 8
            }
            // The last eight again, in place of one to seven by themselves.
            if index > 0, index < bytes.count, index &+ 8 > bytes.count {
                let word = unsafe bytes.loadUnaligned(
                    fromByteOffset: bytes.count &- 8, as: UInt64.self)
                if !Self.holdsControl(word) { return true }
            }
            while index < bytes.count {
                guard unsafe ByteClass.isFieldValue(bytes[index]) else { return false }
                index &+= 1
            }
            return true
        }
    }

    /// Whether both hold the same bytes.
    @inlinable package func isEqual(to other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        for index in self.indices where self[index] != other[index] { return false }
        return true
    }

    /// Whether both hold the same bytes, ASCII letters compared without case.
    @inlinable package func isEqualIgnoringCase(to other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        var index = 0
        while index &+ 8 <= self.count {
            let left = unsafe self.bytes.unsafeLoadUnaligned(
                fromByteOffset: index, as: UInt64.self)
            let right = unsafe other.bytes.unsafeLoadUnaligned(
                fromByteOffset: index, as: UInt64.self)
            guard Self.differsInCaseAtMost(left, right) else { return false }
            index &+= 8
        }
        while index < self.count {
            guard ByteClass.lowercased(self[index]) == ByteClass.lowercased(other[index]) else {
                return false
            }
            index &+= 1
        }
        return true
    }

    /// Whether eight bytes are the same but for the case of ASCII letters (Warren, §6-1).
    @usableFromInline package static func differsInCaseAtMost(
        _ left: UInt64, _ right: UInt64
    ) -> Bool {
        let difference = left ^ right
        guard difference != 0 else { return true }
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Seven bits of each byte, made small, so that no sum reaches the next byte.
        let small = (left | ones &* 0x20) & (ones &* 0x7f)
        let fromA = small &+ ones &* 0x1f
        let beyondZ = small &+ ones &* 0x05
        let letters = fromA & ~beyondZ & ~left & (ones &* 0x80)
        return difference & ~(letters &>> 2) == 0
    }

    /// The first index of `byte` at or after `start`, or `nil`.
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        guard start < self.count else { return nil }
        // memchr is vectorised by the C library; the pointer does not leave this closure.
        return unsafe self.withUnsafeBufferPointer { buffer -> Int? in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// The bytes as text, invalid UTF-8 replaced.
    ///
    /// Allocates: for logs and tests, not for the path.
    package var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.count)
        for index in self.indices { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
