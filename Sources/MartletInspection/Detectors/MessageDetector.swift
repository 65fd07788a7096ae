/// Decides whether a text would end a header, begin another request, or end a directory's filter.
enum MessageDetector {
    // MARK: Headers

    /// Line breaks that begin something of HTTP, and request lines.
    static func headers(
        _ text: Span<UInt8>, part: RequestPart, into rules: inout RuleSet
    ) {
        let hasColon = text.index(of: UInt8(ascii: ":"), from: 0) != nil
        for index in text.indices where text[index] == 10 || text[index] == 13 {
            if part == .path || part == .cookieValue || part == .cookieName
                || part == .queryName || part == .formName && hasColon
            {
                rules.insert(.headerControl)
            }
            let next = text.skippingBlanks(from: index + 1)
            if Self.isField(text, next) || Self.isMarkup(text, next)
                || part == .queryValue
                    && (Self.isHyphenatedField(text, next) || Self.isBareField(text, index, next))
            {
                rules.insert(.headerSplit)
                break
            }
        }
        var index = 0
        while let found = text.index(of: "http/", from: index) {
            index = found + 5
            if TextByte.isDigit(text.at(index)), TextByte.isBlank(text.at(found - 1)),
                !Self.isLogged(text, index), Self.hasMethod(text, before: found)
            {
                return rules.insert(.headerRequestLine)
            }
        }
    }

    /// `"GET / HTTP/1.1" 200`: a line of an access log quotes its request.
    private static func isLogged(_ text: Span<UInt8>, _ version: Int) -> Bool {
        let quote = text.at(version + 3) == UInt8(ascii: "\"") ? version + 3 : version + 1
        return text.at(quote) == UInt8(ascii: "\"") && text.at(quote + 1) == 0x20
            && TextByte.isDigit(text.at(quote + 2))
    }

    /// Fields that change what a message is; others stand in mails and calendars too.
    private static func isField(_ text: Span<UInt8>, _ start: Int) -> Bool {
        if text.holds("http/1", at: start) || text.holds("http/0", at: start) { return true }
        for name in ["content-length", "content-type", "set-cookie", "transfer-encoding"]
            as [StaticString]
        where text.holds(name, at: start) {
            let colon = text.skippingBlanks(from: start + name.utf8CodeUnitCount)
            return text.at(colon) == UInt8(ascii: ":")
        }
        guard text.holds("location", at: start) else { return false }
        let colon = text.skippingBlanks(from: start + 8)
        guard text.at(colon) == UInt8(ascii: ":") else { return false }
        let value = text.skippingBlanks(from: colon + 1)
        return text.holds("http", at: value) || text.at(value) == UInt8(ascii: "/")
    }

    /// `Remote-Addr: x`: in a query, where texts have no lines.
    private static func isHyphenatedField(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        var hasHyphen = false
        while TextByte.isLetter(text.at(end)) || text.at(end) == UInt8(ascii: "-"), end < start + 40
        {
            if text.at(end) == UInt8(ascii: "-") { hasHyphen = end > start }
            end += 1
        }
        return hasHyphen && text.at(end) == UInt8(ascii: ":") && text.at(end + 1) == 0x20
    }

    private static let fieldTable = WordTable([
        (
            1,
            """
            host link refresh expect trailer pragma vary location cookie server connection via \
            upgrade origin referer authorization allow etag expires warning from status
            """
        )
    ])

    /// `x<CR><LF>Host:y` where the text before the break is no more than a word.
    private static func isBareField(_ text: Span<UInt8>, _ index: Int, _ start: Int) -> Bool {
        guard text.at(index) == 13, text.at(index + 1) == 10, index < 64 else { return false }
        for before in 0..<index where TextByte.isBlank(text[before]) { return false }
        var end = start
        while TextByte.isLetter(text.at(end)) || text.at(end) == UInt8(ascii: "-"), end < start + 40
        {
            end += 1
        }
        guard text.at(end) == UInt8(ascii: ":") else { return false }
        return Self.fieldTable.kind(of: text, start..<end) != 0
            || text.index(of: UInt8(ascii: "-"), from: start + 1, before: end) != nil
    }

    private static func isMarkup(_ text: Span<UInt8>, _ start: Int) -> Bool {
        text.holds("<html", at: start) || text.holds("<meta", at: start)
    }

    /// `GET /x HTTP/1.1`: a method one word before.
    private static func hasMethod(_ text: Span<UInt8>, before version: Int) -> Bool {
        let targetEnd = text.skippingBlanksBackwards(from: version - 1)
        let floor = max(0, targetEnd - 2048)
        var index = targetEnd
        while index > floor, !TextByte.isBlank(text[index]) { index -= 1 }
        guard index < targetEnd else { return false }
        let end = text.skippingBlanksBackwards(from: index) + 1
        for method in [
            "get", "post", "head", "put", "delete", "options", "patch", "trace", "connect",
            "propfind", "mkcol",
        ] as [StaticString] where text.holds(method, before: end) {
            return true
        }
        return false
    }

    // MARK: LDAP and XPath

    static func directory(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let close = text.index(of: UInt8(ascii: ")"), from: index) {
            index = close + 1
            if Self.isFilter(text, text.skippingBlanks(from: index)) {
                return rules.insert(.ldapFilter)
            }
        }
        if text.contains("|//") || text.contains("|/*") || text.contains("count(/")
            || text.contains("name(/") || text.contains("\'] | /") || text.contains("\"] | /")
            || text.contains("/child::") || text.contains("/parent::")
            || text.contains("ancestor-or-self::") || text.contains("/descendant::")
        {
            rules.insert(.xpathExpression)
        }
    }

    /// What follows a `)`: `(&`, `(|`, `(!`, `&(cn=`, `(uid=`.
    private static func isFilter(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var index = start
        let first = text.at(index)
        if first == UInt8(ascii: "&") || first == UInt8(ascii: "|") {
            guard text.at(index + 1) != first else { return false }
            index = text.skippingBlanks(from: index + 1)
            return text.at(index) == UInt8(ascii: "(") && Self.isAssertion(text, index + 1)
        }
        guard first == UInt8(ascii: "(") else { return false }
        index = text.skippingBlanks(from: index + 1)
        switch text.at(index) {
        case UInt8(ascii: "&"), UInt8(ascii: "|"):
            return text.at(index + 1) != text.at(index)
        case UInt8(ascii: "!"): return text.at(index + 1) == UInt8(ascii: "(")
        // `admin)(*`, cut off: the statement's own bracket follows.
        case UInt8(ascii: "*"):
            return index + 1 == text.count && text.at(start - 1) == UInt8(ascii: ")")
        default: return Self.isAssertion(text, index)
        }
    }

    /// Finds `cn=`, `uid>=`, `objectClass~=`.
    private static func isAssertion(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        while TextByte.isWord(text.at(end)) || text.at(end) == UInt8(ascii: "-"), end < start + 64 {
            end += 1
        }
        guard end > start, TextByte.isLetter(text.at(start)) else { return false }
        switch text.at(end) {
        case UInt8(ascii: "="): return text.at(end + 1) != UInt8(ascii: "=")
        // `userAccountControl:1.2.840.113556.1.4.803:=2`
        case UInt8(ascii: ":"):
            var colon = end + 1
            while TextByte.isDigit(text.at(colon)) || text.at(colon) == UInt8(ascii: "."),
                colon < end + 64
            {
                colon += 1
            }
            return text.holds(":=", at: colon)
        case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "~"):
            return text.at(end + 1) == UInt8(ascii: "=")
        default: return false
        }
    }

    // MARK: NoSQL

    private static let operators = WordTable([
        (
            1,
            """
            eq ne gt gte lt lte in nin and or not nor regex exists type expr jsonschema mod text \
            where all elemmatch size slice geointersects geowithin near nearsphere maxdistance \
            bitsallclear bitsallset bitsanyclear bitsanyset function accumulator lookup merge \
            out options natural script
            """
        )
    ])

    /// `field[$ne]`, `{"$where": …}` as names; `{$gt:` inside of values.
    static func noSQL(_ text: Span<UInt8>, isName: Bool, into rules: inout RuleSet) {
        var index = 0
        while let dollar = text.index(of: UInt8(ascii: "$"), from: index) {
            index = dollar + 1
            let end = text.wordEnd(from: index)
            guard Self.operators.kind(of: text, index..<end) != 0 else { continue }
            let before = text.at(text.skippingBlanksBackwards(from: dollar - 1))
            if isName, dollar == 0 ? end == text.count : before == UInt8(ascii: "[") {
                return rules.insert(.noSQLOperator)
            }
            let after = text.skippingBlanks(from: end)
            let isKey =
                text.at(after) == UInt8(ascii: ":")
                || (text.at(after) == UInt8(ascii: "\"") || text.at(after) == UInt8(ascii: "'"))
                    && text.at(text.skippingBlanks(from: after + 1)) == UInt8(ascii: ":")
            if isKey,
                dollar == 0 || before == UInt8(ascii: "{") || before == UInt8(ascii: ",")
                    || before == UInt8(ascii: "\"") || before == UInt8(ascii: "'")
            {
                return rules.insert(.noSQLScript)
            }
        }
    }

    // MARK: XML

    static func xml(_ text: Span<UInt8>, into rules: inout RuleSet) {
        if text.contains("!entity") || Self.isOutsideDoctype(text) { rules.insert(.xmlEntity) }
        if text.contains("w3.org/2001/xinclude") || text.contains("xi:include")
            || text.contains("schemalocation=")
        {
            rules.insert(.xmlInclude)
        }
    }

    private static func isOutsideDoctype(_ text: Span<UInt8>) -> Bool {
        guard let found = text.index(of: "<!doctype", from: 0) else { return false }
        let end =
            text.index(of: UInt8(ascii: ">"), from: found, before: found + 512)
            ?? min(text.count, found + 512)
        return text.index(of: " system", from: found, before: end) != nil
            || text.index(of: UInt8(ascii: "["), from: found, before: end) != nil
    }
}
