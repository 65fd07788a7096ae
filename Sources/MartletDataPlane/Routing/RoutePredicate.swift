import MartletHTTP

/// A condition on a header, cookie, query parameter, the content type or the client's address, with
/// its texts in a pool.
///
/// Owned by the routing table or a release. A field that occurs several times fits if one of its
/// values does.
struct RoutePredicate: Sendable, BitwiseCopyable {
    enum Subject: UInt8, Sendable, BitwiseCopyable {
        case header, cookie, query, contentType, region
    }

    enum Test: UInt8, Sendable, BitwiseCopyable {
        case equals, hasPrefix, hasSuffix, contains, isPresent, isAbsent
        /// `text/*`, kept as `text/`.
        case hasMediaTypePrefix
    }

    var subject: Subject
    var test: Test
    /// For headers; `.other` is compared by bytes.
    var known: HeaderName
    /// In the text pool.
    var name: ByteRange
    /// Indices into the value table, for regions into theirs; one that fits is enough.
    var valuesStart: UInt32
    var valuesCount: UInt32
}

/// The texts and values that predicates refer to.
struct PredicateTexts: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var values: ContiguousArray<Value> = []
    private(set) var regions: ContiguousArray<AddressBlocks> = []

    struct Value: Sendable, BitwiseCopyable {
        var test: RoutePredicate.Test
        var range: ByteRange
    }

    mutating func append(_ text: some Sequence<UInt8>) -> ByteRange {
        let start = self.bytes.count
        self.bytes.append(contentsOf: text)
        return ByteRange(start: start, end: self.bytes.count)
    }

    mutating func appendValue(_ test: RoutePredicate.Test, _ text: some Sequence<UInt8>) {
        self.values.append(Value(test: test, range: self.append(text)))
    }

    mutating func appendRegion(_ region: AddressBlocks) { self.regions.append(region) }

    @_lifetime(borrow self)
    func span(_ range: ByteRange) -> Span<UInt8> { self.bytes.span.extracting(range.indices) }
}

extension RoutePredicate {
    /// Whether the condition holds for a head.
    ///
    /// Nothing is copied: names and values are compared where they stand.
    func holds(
        _ headers: borrowing HeaderList, query: ByteRange, client: ClientAddress,
        _ texts: PredicateTexts
    ) -> Bool {
        let isFound: Bool =
            switch self.subject {
            case .header: self.holdsForHeader(headers, texts)
            case .cookie: self.holdsForCookie(headers, texts)
            case .query: self.holdsForQuery(headers.span(query), texts)
            case .contentType: self.holdsForContentType(headers, texts)
            case .region: self.holdsForRegion(client, texts)
            }
        return isFound != (self.test == .isAbsent)
    }

    private func holdsForHeader(_ headers: borrowing HeaderList, _ texts: PredicateTexts) -> Bool {
        if self.known != .other, headers.presence & self.known.bit == 0 { return false }
        for index in headers.fields.indices {
            let field = headers.fields[index]
            guard field.known == self.known, !field.isRemoved,
                self.known != .other || headers.isField(index, named: texts.span(self.name))
            else { continue }
            if self.accepts(headers.span(field.value), isEncoded: false, texts) { return true }
        }
        return false
    }

    /// RFC 6265 §4.2.1: pairs separated by `;`.
    ///
    /// Quotes around a value are not part of it.
    private func holdsForCookie(_ headers: borrowing HeaderList, _ texts: PredicateTexts) -> Bool {
        guard headers.presence & HeaderName.cookie.bit != 0 else { return false }
        for field in headers.fields where field.known == .cookie && !field.isRemoved {
            if self.holdsForCookiePairs(headers.span(field.value), texts) { return true }
        }
        return false
    }

    private func holdsForCookiePairs(_ text: Span<UInt8>, _ texts: PredicateTexts) -> Bool {
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: UInt8(ascii: ";"), from: start) ?? text.count
            let pair = text.extracting(start..<end).trimmed
            start = end + 1
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")),
                pair.extracting(0..<equals).isEqual(to: texts.span(self.name))
            else { continue }
            let value = pair.extracting((equals + 1)..<pair.count).unquoted
            if self.accepts(value, isEncoded: false, texts) { return true }
        }
        return false
    }

    /// Pairs separated by `&`; names and values are decoded as they are compared, `+` is a space.
    private func holdsForQuery(_ text: Span<UInt8>, _ texts: PredicateTexts) -> Bool {
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: UInt8(ascii: "&"), from: start) ?? text.count
            let pair = text.extracting(start..<end)
            start = end + 1
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.count
            let name = EncodedText(bytes: pair.extracting(0..<equals), isEncoded: true)
            guard name.matches(texts.span(self.name), from: 0, toEnd: true) else { continue }
            let value = pair.extracting(min(equals + 1, pair.count)..<pair.count)
            if self.accepts(value, isEncoded: true, texts) { return true }
        }
        return false
    }

    /// RFC 9110 §8.3.1: type and subtype without case, parameters aside.
    private func holdsForContentType(
        _ headers: borrowing HeaderList, _ texts: PredicateTexts
    ) -> Bool {
        guard let range = headers.first(.contentType) else { return false }
        let value = headers.span(range)
        let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
        let mediaType = value.extracting(0..<end).trimmed
        for index in 0..<Int(self.valuesCount) {
            let expected = texts.values[Int(self.valuesStart) + index]
            let text = texts.span(expected.range)
            switch expected.test {
            case .isPresent: return true
            case .hasMediaTypePrefix:
                if mediaType.count > text.count,
                    mediaType.extracting(0..<text.count).isEqualIgnoringCase(to: text)
                {
                    return true
                }
            default: if mediaType.isEqualIgnoringCase(to: text) { return true }
            }
        }
        return false
    }

    private func holdsForRegion(_ client: ClientAddress, _ texts: PredicateTexts) -> Bool {
        for index in 0..<Int(self.valuesCount)
        where texts.regions[Int(self.valuesStart) + index].contains(client) {
            return true
        }
        return false
    }

    private func accepts(
        _ value: Span<UInt8>, isEncoded: Bool, _ texts: PredicateTexts
    ) -> Bool {
        if self.valuesCount == 0 { return true }
        let value = EncodedText(bytes: value, isEncoded: isEncoded)
        for index in 0..<Int(self.valuesCount) {
            let expected = texts.values[Int(self.valuesStart) + index]
            if value.passes(expected.test, texts.span(expected.range)) { return true }
        }
        return false
    }
}
