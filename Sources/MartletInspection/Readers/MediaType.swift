/// A content type (RFC 9110 §8.3), as far as it decides how a body is read.
struct MediaType {
    enum Kind {
        case missing
        case form
        case multipart
        case json
        case xml
        case text
        /// Images, archives and other things that are no text.
        case binary
        /// Some other type.
        case unknown
        /// No media type at all.
        case malformed
    }

    private(set) var kind: Kind
    /// Where the boundary is in the field's value, without quotes.
    private(set) var boundary: Range<Int>?
    private(set) var hasUnknownCharset = false
    /// Parameters that cannot be read, or that mean nothing for the type.
    private(set) var isAmbiguous = false

    var isJSON: Bool { self.kind == .json }

    init(_ value: Span<UInt8>) {
        let start = value.skippingBlanks(from: 0)
        guard start < value.count else {
            self.kind = .missing
            return
        }
        let semicolon = value.index(of: UInt8(ascii: ";"), from: start) ?? value.count
        let end = value.skippingBlanksBackwards(from: semicolon - 1) + 1
        self.kind = Self.kind(value, start, max(start, end))
        self.parameters(value, from: semicolon)
        if self.kind == .multipart, self.boundary == nil { self.isAmbiguous = true }
        if self.kind != .multipart, self.boundary != nil { self.isAmbiguous = true }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "&"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: TextByte.isLetter(byte) || TextByte.isDigit(byte)
        }
    }

    private static func kind(_ value: Span<UInt8>, _ start: Int, _ end: Int) -> Kind {
        guard let slash = value.index(of: UInt8(ascii: "/"), from: start, before: end),
            slash > start, slash + 1 < end
        else { return .malformed }
        for index in start..<end where index != slash && !Self.isToken(value[index]) {
            return .malformed
        }
        let type = value.extracting(start..<slash)
        let subtype = value.extracting(slash + 1..<end)
        if type.isEqualIgnoringCase(to: "multipart") { return .multipart }
        // `image/svg+xml` is read as XML.
        if let kind = Self.suffix(of: subtype) { return kind }
        for name in ["image", "audio", "video", "font", "model"] as [StaticString]
        where type.isEqualIgnoringCase(to: name) {
            return .binary
        }
        return Self.subtype(subtype, isText: type.isEqualIgnoringCase(to: "text"))
    }

    private static func subtype(_ subtype: Span<UInt8>, isText: Bool) -> Kind {
        for (name, kind) in Self.subtypes where subtype.isEqualIgnoringCase(to: name) {
            return kind
        }
        return isText ? .text : .unknown
    }

    /// RFC 6839 §3.
    private static func suffix(of subtype: Span<UInt8>) -> Kind? {
        guard subtype.count > 5 else { return nil }
        let suffix = subtype.extracting(subtype.count - 5..<subtype.count)
        if suffix.isEqualIgnoringCase(to: "+json") { return .json }
        return suffix.extracting(1..<5).isEqualIgnoringCase(to: "+xml") ? .xml : nil
    }

    private static let subtypes: [(StaticString, Kind)] = [
        ("json", .json), ("x-www-form-urlencoded", .form), ("xml", .xml), ("plain", .text),
        ("csp-report", .json), ("octet-stream", .binary), ("pdf", .binary), ("zip", .binary),
        ("gzip", .binary), ("x-tar", .binary), ("protobuf", .binary), ("x-protobuf", .binary),
        ("grpc", .binary), ("grpc+proto", .binary), ("msgpack", .binary), ("x-msgpack", .binary),
        ("cbor", .binary), ("avro", .binary), ("wasm", .binary),
    ]

    // MARK: Parameters

    private mutating func parameters(_ value: Span<UInt8>, from semicolon: Int) {
        var index = semicolon
        while index < value.count {
            let start = value.skippingBlanks(from: index + 1)
            guard start < value.count else { return }
            guard let equals = value.index(of: UInt8(ascii: "="), from: start) else {
                self.isAmbiguous = true
                return
            }
            let name = value.extracting(start..<equals)
            let first = equals + 1
            let range: Range<Int>
            if value.at(first) == UInt8(ascii: "\"") {
                guard let close = value.index(of: UInt8(ascii: "\""), from: first + 1) else {
                    self.isAmbiguous = true
                    return
                }
                range = first + 1..<close
                index = value.index(of: UInt8(ascii: ";"), from: close) ?? value.count
            } else {
                index = value.index(of: UInt8(ascii: ";"), from: first) ?? value.count
                let end = value.skippingBlanksBackwards(from: index - 1) + 1
                range = first..<max(first, end)
            }
            self.parameter(name, value, range)
        }
    }

    private mutating func parameter(
        _ name: Span<UInt8>, _ value: Span<UInt8>, _ range: Range<Int>
    ) {
        if name.isEqualIgnoringCase(to: "boundary") {
            self.setBoundary(value, range)
        } else if name.isEqualIgnoringCase(to: "charset") {
            let charset = value.extracting(range)
            self.hasUnknownCharset = true
            for known in [
                "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252",
            ] as [StaticString] where charset.isEqualIgnoringCase(to: known) {
                self.hasUnknownCharset = false
            }
        } else if name.count == 0 || !TextByte.isWord(name.at(0)) {
            self.isAmbiguous = true
        }
    }

    /// 1 to 70 bytes (RFC 2046 §5.1.1); one blank before is what some clients send.
    private mutating func setBoundary(_ value: Span<UInt8>, _ range: Range<Int>) {
        var start = range.lowerBound
        if value.at(start) == 0x20 { start += 1 }
        if self.boundary != nil || start >= range.upperBound || range.upperBound - start > 70
            || TextByte.isBlank(value.at(start))
        {
            self.isAmbiguous = true
        }
        self.boundary = start..<max(start, range.upperBound)
    }
}
