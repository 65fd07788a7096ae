/// Where in a request a value stood.
package enum RequestPart: UInt8, CaseIterable, Sendable {
    case path
    case queryName
    case queryValue
    case header
    case userAgent
    case referer
    case cookieName
    case cookieValue
    case formName
    case formValue
    case multipartName
    case multipartValue
    case fileName
    case jsonName
    case jsonValue
    case xmlText
    /// A body of no known kind, as a whole.
    case body
    /// The content type and what follows from it.
    case message

    /// The stable name, as in logs and exceptions.
    package var name: StaticString {
        switch self {
        case .path: "path"
        case .queryName: "query-name"
        case .queryValue: "query"
        case .header: "header"
        case .userAgent: "user-agent"
        case .referer: "referer"
        case .cookieName: "cookie-name"
        case .cookieValue: "cookie"
        case .formName: "form-name"
        case .formValue: "form"
        case .multipartName: "multipart-name"
        case .multipartValue: "multipart"
        case .fileName: "file-name"
        case .jsonName: "json-name"
        case .jsonValue: "json"
        case .xmlText: "xml"
        case .body: "body"
        case .message: "message"
        }
    }
}

/// What bounds an inspection: the most work that a request can cause.
package struct InspectionLimits: Sendable, Equatable {
    /// Values looked at in one request; one more is itself a hit.
    package var valueCountMax = 1000
    /// Bytes of one value that are looked at.
    package var valueBytesMax = 65_536
    /// Bytes of a body that are looked at.
    package var bodyBytesMax = 1_048_576
    /// How often a value is decoded again if that still changes it.
    package var decodeRoundsMax = 3
    /// How deep JSON and XML may be.
    package var depthMax = 64
    /// Hits that a report keeps.
    package var hitCountMax = 16

    package init() {}
}

/// Rules that do not count for some parameters.
///
/// Made when a configuration is loaded; reason and expiry are kept by who makes it.
package struct InspectionException: Sendable {
    /// The parameter's name, ASCII letters without case; one `*` stands for any bytes.
    package var pattern: [UInt8]
    /// `nil` is every part of a request.
    package var part: RequestPart?
    package var rules: RuleSet

    package init(pattern: [UInt8], part: RequestPart? = nil, rules: RuleSet) {
        self.pattern = pattern.map(TextByte.lowercased)
        self.part = part
        self.rules = rules
    }

    /// Whether the exception is for this parameter.
    func covers(_ name: Span<UInt8>, in part: RequestPart) -> Bool {
        if let only = self.part, only != part { return false }
        let star = self.pattern.firstIndex(of: UInt8(ascii: "*"))
        guard let star else {
            return name.count == self.pattern.count && self.matches(0..<name.count, of: name, at: 0)
        }
        let tail = self.pattern.count - star - 1
        guard name.count >= star + tail else { return false }
        return self.matches(0..<star, of: name, at: 0)
            && self.matches(star + 1..<self.pattern.count, of: name, at: name.count - tail)
    }

    private func matches(_ range: Range<Int>, of name: Span<UInt8>, at start: Int) -> Bool {
        for offset in 0..<range.count
        where TextByte.lowercased(name.at(start + offset))
            != self.pattern[range.lowerBound + offset]
        {
            return false
        }
        return true
    }
}

/// How requests are inspected: immutable, made when a configuration is loaded.
package struct InspectionSettings: Sendable {
    package var level = InspectionLevel.standard
    /// The score from which a request counts as an attack.
    package var threshold = 5
    package var limits = InspectionLimits()
    /// Rules that never count.
    package var disabled = RuleSet()
    package var exceptions: [InspectionException] = []

    package init() {}
}
