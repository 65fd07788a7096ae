import MartletHTTP

/// Reads one segment of a path pattern, without its slashes.
enum PathPatternSegmentParser {
    static func parse(
        _ text: String, isLast: Bool
    ) throws(PathPatternError) -> PathPattern.Segment {
        if text.hasPrefix("{"), text.hasSuffix("}"), text.utf8.count > 2 {
            return try self.capture(String(text.dropFirst().dropLast()), isLast: isLast)
        }
        guard !text.utf8.contains(UInt8(ascii: "{")), !text.utf8.contains(UInt8(ascii: "}")) else {
            throw PathPatternError(
                "a capture is a whole segment, `\(text)` is not",
                hint: "write `{name}` between two slashes; literal braces are `%7B` and `%7D`")
        }
        guard !text.isEmpty || isLast else {
            throw PathPatternError(
                "`//` is never matched: a request's path is normalised first", hint: "write `/`")
        }
        try self.checkLiteral(text)
        return .literal(text)
    }

    private static func capture(
        _ text: String, isLast: Bool
    ) throws(PathPatternError) -> PathPattern.Segment {
        if text.hasSuffix("*") {
            let name = String(text.dropLast())
            try self.checkName(name)
            guard isLast else {
                throw PathPatternError(
                    "`{\(text)}` takes the rest of the path, so nothing may follow it",
                    hint: "use `{\(name)}` for one segment")
            }
            return .rest(name: name)
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        try self.checkName(name)
        guard parts.count == 2 else { return .capture(name: name, .any) }
        switch parts[1] {
        case "int": return .capture(name: name, .integer)
        case "uuid": return .capture(name: name, .uuid)
        default:
            throw PathPatternError(
                "`\(parts[1])` is not a type of capture", hint: "the types are `int` and `uuid`")
        }
    }

    private static func checkName(_ name: String) throws(PathPatternError) {
        let lowercase = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let isWellFormed = name.utf8.allSatisfy {
            lowercase ~= $0 || digits ~= $0 || $0 == UInt8(ascii: "_")
        }
        guard isWellFormed, let first = name.utf8.first, lowercase ~= first else {
            throw PathPatternError(
                "`\(name)` is not a capture name",
                hint: "names are lower-case letters, digits and `_`, and begin with a letter")
        }
    }

    /// Refuses what normalisation (RFC 3986 §6.2.2) would never leave in a path.
    private static func checkLiteral(_ text: String) throws(PathPatternError) {
        guard text != ".", text != ".." else {
            throw PathPatternError(
                "`\(text)` is never matched: a request's path is normalised first",
                hint: "leave it out")
        }
        guard text != "*", text != "**" else {
            throw PathPatternError(
                "`\(text)` is not a wildcard",
                hint: "use `{name}` for one segment, `{name*}` for the rest")
        }
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%") {
                try self.checkEncoded(bytes, at: index)
                index += 3
            } else {
                try self.checkByte(bytes[index])
                index += 1
            }
        }
    }

    private static func checkByte(_ byte: UInt8) throws(PathPatternError) {
        if byte == UInt8(ascii: "?") {
            throw PathPatternError(
                "a path pattern has no query", hint: "put query conditions under `match.query`")
        }
        if byte == UInt8(ascii: "#") {
            throw PathPatternError("a fragment (`#`) never reaches a server", hint: "leave it out")
        }
        let isAllowed =
            ByteClass.table[Int(byte)] & ByteClass.target != 0
            && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "]")
        guard isAllowed else {
            throw PathPatternError(
                "a path holds this character only percent-encoded",
                hint: "write `%\(self.hexadecimal(byte))`"
                    + (byte < 0x80 ? "" : " and so on, as UTF-8"))
        }
    }

    private static func checkEncoded(_ bytes: [UInt8], at index: Int) throws(PathPatternError) {
        guard index + 2 < bytes.count,
            let high = ByteClass.hexValue(bytes[index + 1]),
            let low = ByteClass.hexValue(bytes[index + 2])
        else {
            throw PathPatternError(
                "`%` is not followed by two hexadecimal digits",
                hint: "a literal percent sign is `%25`")
        }
        let byte = high &<< 4 | low
        let written = String(decoding: bytes[index...(index + 2)], as: UTF8.self)
        let isUnreserved =
            ByteClass.table[Int(byte)] & ByteClass.token != 0
            && !"!#$%&'*+^`|".utf8.contains(byte)
        if isUnreserved {
            throw PathPatternError(
                "`\(written)` is never matched: a request's path is normalised first",
                hint: "write `\(Character(UnicodeScalar(byte)))`")
        }
        let canonical = "%" + self.hexadecimal(byte)
        guard written == canonical else {
            throw PathPatternError(
                "`\(written)` is never matched: a request's path is normalised first",
                hint: "write `\(canonical)`")
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return text.utf8.count == 1 ? "0" + text : text
    }
}
