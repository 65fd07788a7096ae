import MartletHTTP

/// A media type as a route takes it: `application/json`, `text/*`, `application/*+json`.
struct MediaTypePattern: Sendable {
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    private let hasStar: Bool

    init(_ text: String) {
        let parts = text.lowercased().split(
            separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        self.prefix = Array(parts[0].utf8)
        self.suffix = parts.count > 1 ? Array(parts[1].utf8) : []
        self.hasStar = parts.count > 1
    }

    /// Whether a value of `Content-Type` is one of `patterns`, parameters aside (RFC 9110 §8.3.1).
    static func matches(_ patterns: [MediaTypePattern], _ value: Span<UInt8>) -> Bool {
        guard !self.isSeveral(value) else { return false }
        let type = self.essence(value)
        for pattern in patterns where pattern.matches(type) { return true }
        return false
    }

    /// Type and subtype without parameters.
    @_lifetime(copy value)
    static func essence(_ value: Span<UInt8>) -> Span<UInt8> {
        var end = 0
        while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
        return value.extracting(0..<end).trimmed
    }

    private func matches(_ type: Span<UInt8>) -> Bool {
        let rest = type.count - self.prefix.count - self.suffix.count
        guard self.hasStar ? rest >= 1 : rest == 0 else { return false }
        return type.extracting(0..<self.prefix.count).isEqualIgnoringCase(to: self.prefix.span)
            && type.extracting(type.count - self.suffix.count..<type.count)
                .isEqualIgnoringCase(to: self.suffix.span)
    }

    /// Whether there is a comma in it, wherever: of two types, readers choose one each.
    static func isSeveral(_ value: Span<UInt8>) -> Bool {
        value.firstIndex(of: UInt8(ascii: ",")) != nil
    }

    private static let json = ["application/json", "text/json"].map { Array($0.utf8) }
    private static let xml = ["application/xml", "text/xml"].map { Array($0.utf8) }

    /// JSON by its name, or by its suffix whatever the type before it (RFC 6839 §3.1).
    static func isJSON(_ value: Span<UInt8>) -> Bool { self.isOne(value, of: self.json, "+json") }
    /// The same of XML (RFC 7303 §4.2).
    static func isXML(_ value: Span<UInt8>) -> Bool { self.isOne(value, of: self.xml, "+xml") }

    private static func isOne(
        _ value: Span<UInt8>, of names: [[UInt8]], _ suffix: StaticString
    ) -> Bool {
        guard !self.isSeveral(value) else { return false }
        let type = self.essence(value)
        for name in names where type.isEqualIgnoringCase(to: name.span) { return true }
        let start = type.count - suffix.utf8CodeUnitCount
        return start > 0 && type.extracting(start..<type.count).isEqualIgnoringCase(to: suffix)
    }
}
