/// A parsed path pattern: `/v1/orders/{id:int}`, `/files/{rest*}`.
///
/// Literals are kept as written, which is the normalised spelling: a request's path is normalised
/// before it is compared. At most `captureCountMax` names and `segmentCountMax` segments.
package struct PathPattern: Sendable, Equatable {
    package enum Segment: Sendable, Equatable {
        case literal(String)
        /// `{name}`, `{name:int}`, `{name:uuid}`: one whole segment, not empty.
        case capture(name: String, Kind)
        /// `{name*}`: the rest of the path, which may be empty; only at the end.
        case rest(name: String)
    }

    package enum Kind: Sendable, Equatable {
        case any
        /// 1–19 digits.
        case integer
        /// 8-4-4-4-12 hexadecimal digits.
        case uuid
    }

    package static let captureCountMax = 16
    package static let segmentCountMax = 64
    /// Bytes of a whole pattern.
    package static let textBytesMax = 4096

    /// `/` is one empty literal; `/a/` ends with an empty literal.
    package var segments: [Segment]

    package var captureNames: [String] {
        self.segments.compactMap { segment in
            switch segment {
            case .literal: nil
            case .capture(let name, _), .rest(let name): name
            }
        }
    }

    package static func parse(_ text: String) throws(PathPatternError) -> PathPattern {
        guard text.utf8.first == UInt8(ascii: "/") else {
            let hint = text.isEmpty ? "use `/` for the root" : "write `/\(text)`"
            throw PathPatternError("a path begins with `/`", hint: hint)
        }
        guard text.utf8.count <= Self.textBytesMax else {
            throw PathPatternError("a path pattern has at most \(Self.textBytesMax) bytes")
        }
        let texts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard texts.count <= Self.segmentCountMax else {
            throw PathPatternError("a path pattern has at most \(Self.segmentCountMax) segments")
        }
        var pattern = PathPattern(segments: [])
        for (index, text) in texts.enumerated() {
            let isLast = index == texts.count - 1
            try pattern.append(PathPatternSegmentParser.parse(String(text), isLast: isLast))
        }
        return pattern
    }

    private mutating func append(_ segment: Segment) throws(PathPatternError) {
        let names = self.captureNames
        self.segments.append(segment)
        guard self.captureNames.count > names.count, let name = self.captureNames.last else {
            return
        }
        guard !names.contains(name) else {
            throw PathPatternError(
                "`{\(name)}` stands twice in one pattern", hint: "give each capture its own name")
        }
        guard names.count < Self.captureCountMax else {
            throw PathPatternError("a pattern has at most \(Self.captureCountMax) captures")
        }
    }
}

/// Why a path pattern is refused, and how to mend it.
package struct PathPatternError: Error, Sendable, Equatable {
    package let message: String
    package let hint: String?

    package init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
