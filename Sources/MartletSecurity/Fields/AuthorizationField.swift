/// The value of `Authorization` (RFC 9110 §11.6.2): a scheme, and what it says.
///
/// Refuses what two readers could take for different credentials: several fields are the caller's
/// to refuse, here it is white space and bytes that no scheme has.
package struct AuthorizationField: Sendable {
    package enum Scheme: UInt8, Sendable, BitwiseCopyable {
        case basic
        case bearer
        case dpop
        /// `ApiKey`, which has no registration but is used.
        case apiKey
        case other
    }

    package let scheme: Scheme
    /// Of the credentials, in the value.
    package let credentials: Range<Int>

    /// - Returns: `nil` if it is malformed.
    package init?(_ value: Span<UInt8>) {
        var index = 0
        while index < value.count, value[index] != 0x20 {
            guard Self.isToken(value[index]) else { return nil }
            index += 1
        }
        guard index > 0 else { return nil }
        self.scheme = Self.scheme(value.extracting(0..<index))
        while index < value.count, value[index] == 0x20 { index += 1 }
        guard index < value.count else { return nil }
        self.credentials = index..<value.count
        // All but others have one word, token68 (§11.2).
        let first: UInt8 = self.scheme == .other ? 0x20 : 0x21
        guard Self.isVisible(value.extracting(self.credentials), from: first) else { return nil }
    }

    /// Without a branch for each byte, so that many are looked at in one step.
    private static func isVisible(_ bytes: Span<UInt8>, from first: UInt8) -> Bool {
        let width = 0x7e - first
        var outside: UInt8 = 0
        for index in bytes.indices {
            outside |= unsafe bytes[unchecked: index] &- first > width ? 1 : 0
        }
        return outside == 0
    }

    private static func scheme(_ name: Span<UInt8>) -> Scheme {
        if self.isSame(name, "bearer") { return .bearer }
        if self.isSame(name, "basic") { return .basic }
        if self.isSame(name, "apikey") { return .apiKey }
        return self.isSame(name, "dpop") ? .dpop : .other
    }

    private static func isSame(_ name: Span<UInt8>, _ text: StaticString) -> Bool {
        let bytes = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard name.count == text.utf8CodeUnitCount else { return false }
        for index in name.indices where unsafe name[index] | 0x20 != bytes[index] { return false }
        return true
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
