import MartletHTTP

/// What the parameters of a `Content-Type` say of letters.
///
/// Strict on purpose: readers find `charset` in many ways, and each place where one of them might
/// has to say the same.
enum MediaTypeCharset {
    private static let word: StaticString = "charset"
    /// UTF-8, its part US-ASCII, and how both are misspelled.
    private static let names = ["utf-8", "utf8", "us-ascii", "ascii"].map { Array($0.utf8) }

    /// Whether nothing but UTF-8 is spoken of.
    static func isUTF8(_ value: Span<UInt8>) -> Bool {
        guard var index = value.firstIndex(of: UInt8(ascii: ";")) else { return true }
        let count = self.word.utf8CodeUnitCount
        while index + count <= value.count {
            guard value.extracting(index..<index + count).isEqualIgnoringCase(to: self.word) else {
                index += 1
                continue
            }
            guard let end = self.pastName(value, from: index + count) else { return false }
            index = end
        }
        return true
    }

    /// Whether a name, as XML writes it too, is one of them.
    static func isUTF8(named name: Span<UInt8>) -> Bool {
        for known in self.names where name.isEqualIgnoringCase(to: known.span) { return true }
        return false
    }

    /// Where `="utf-8"` or `=utf-8` ends, a semicolon or the end of all behind it.
    private static func pastName(_ value: Span<UInt8>, from start: Int) -> Int? {
        var index = self.pastBlanks(value, start)
        guard index < value.count, value[index] == UInt8(ascii: "=") else { return nil }
        index = self.pastBlanks(value, index + 1)
        let isQuoted = index < value.count && value[index] == UInt8(ascii: "\"")
        if isQuoted { index += 1 }
        let nameStart = index
        while index < value.count, ByteClass.table[Int(value[index])] & ByteClass.token != 0 {
            index += 1
        }
        guard self.isUTF8(named: value.extracting(nameStart..<index)) else { return nil }
        if isQuoted {
            guard index < value.count, value[index] == UInt8(ascii: "\"") else { return nil }
            index += 1
        }
        index = self.pastBlanks(value, index)
        return index == value.count || value[index] == UInt8(ascii: ";") ? index : nil
    }

    private static func pastBlanks(_ value: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < value.count, value[index] == 0x20 || value[index] == 0x09 { index += 1 }
        return index
    }
}
