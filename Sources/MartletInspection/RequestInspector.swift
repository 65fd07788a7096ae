/// The injection filter: looks at the parts of a request, one call each, and reports.
///
/// Owned by one worker and used for one request at a time; `reset` begins the next. It keeps its
/// buffers, so that ordinary requests allocate nothing. Work is linear in the bytes looked at and
/// bounded by `InspectionLimits`.
package struct RequestInspector: ~Copyable {
    package let settings: InspectionSettings
    package private(set) var report: InspectionReport

    private let enabled: RuleSet
    private var panel: DetectorPanel
    private let words = GateVocabulary.wholeWords
    /// The value after the container's own decoding, and after each further layer.
    private var decoded: [UInt8] = []
    private var layer: [UInt8] = []
    /// The same in lower case.
    private var folded: [UInt8] = []
    /// The media type says JSON: escapes in the query are then left alone.
    private var isJSON = false

    package init(_ settings: InspectionSettings) {
        self.settings = settings
        var enabled = RuleSet(level: settings.level)
        enabled.subtract(settings.disabled)
        self.enabled = enabled
        self.panel = DetectorPanel(level: settings.level)
        self.report = InspectionReport(hitCountMax: settings.limits.hitCountMax)
    }

    /// Forgets the request before.
    package mutating func reset() {
        self.report.reset()
        self.isJSON = false
    }

    /// Whether the score is at the threshold or above.
    package var isAttack: Bool {
        !self.report.rules.isEmpty && self.report.score >= self.settings.threshold
    }

    // MARK: Parts of a request

    /// The path as it was sent, without the query.
    package mutating func inspectPath(_ path: Span<UInt8>) {
        self.inspect(path, encoding: .percent, part: .path, name: Span())
    }

    /// The query as it was sent, without its `?`.
    package mutating func inspectQuery(_ query: Span<UInt8>) {
        self.inspectPairs(query, names: .queryName, values: .queryValue)
    }

    /// One header field.
    ///
    /// `Cookie` is taken apart; fields of a known shape cost a glance.
    ///
    /// Give `Content-Type` before the body, and before the query if it can be.
    package mutating func inspectHeader(name: Span<UInt8>, value: Span<UInt8>) {
        let kind = HeaderKind(name)
        if kind == .contentType {
            self.isJSON = MediaType(value).isJSON
            self.checkContentType(value)
        }
        if kind == .cookie { return self.inspectCookies(value) }
        let traits = self.panel.traits(of: value)
        if kind == .userAgent {
            if self.panel.isOrdinaryAgent(value, traits) { return }
        } else if traits.isSubset(of: kind.ordinary), kind != .fileName {
            return
        }
        self.inspect(value, encoding: .none, part: kind.part, name: name)
    }

    /// Values of `name=value` pairs with `&` between.
    mutating func inspectPairs(
        _ text: Span<UInt8>, names: RequestPart, values: RequestPart
    ) {
        var index = 0
        while index < text.count {
            let end = text.index(of: UInt8(ascii: "&"), from: index) ?? text.count
            let equals = text.index(of: UInt8(ascii: "="), from: index, before: end)
            let name = text.extracting(index..<(equals ?? end))
            self.inspect(name, encoding: .form, part: names, name: name)
            if let equals {
                let value = text.extracting(equals + 1..<end)
                self.inspect(value, encoding: .form, part: values, name: name)
                if AddressDetector.includes(value, named: name) {
                    self.add(.includeRemote, in: values, named: name)
                }
            }
            index = end + 1
        }
    }

    private mutating func inspectCookies(_ text: Span<UInt8>) {
        var index = 0
        while index < text.count {
            let end = text.index(of: UInt8(ascii: ";"), from: index) ?? text.count
            let start = min(text.skippingBlanks(from: index), end)
            let equals = text.index(of: UInt8(ascii: "="), from: start, before: end)
            let name = text.extracting(start..<(equals ?? end))
            self.inspect(name, encoding: .percent, part: .cookieName, name: name)
            if let equals {
                let value = text.extracting(equals + 1..<end)
                self.inspect(value, encoding: .percent, part: .cookieValue, name: name)
            }
            index = end + 1
        }
    }

    // MARK: One value

    /// The encoding that the container itself has.
    enum Encoding {
        case none
        case percent
        /// Percent encoding, and `+` for a blank.
        case form
    }

    /// Looks at one value: a glance for nearly all, decoding and detectors for the others.
    mutating func inspect(
        _ value: Span<UInt8>, encoding: Encoding, part: RequestPart, name: Span<UInt8>
    ) {
        let limits = self.settings.limits
        guard self.report.valueCount < limits.valueCountMax else {
            return self.add(.ambiguousTooMany, in: .message, named: Span())
        }
        self.report.valueCount += 1
        var value = value
        if value.count > limits.valueBytesMax {
            self.report.isTruncated = true
            value = value.extracting(0..<limits.valueBytesMax)
        }
        let traits = self.panel.traits(of: value)
        if traits.isSubset(of: [.upper]), self.panelIsStandard, !Self.isNamed(part) {
            guard value.count > 3, value.count <= WordTable.wordBytesMax,
                self.isDatabaseInitial(value.at(0)) || value.at(0) == UInt8(ascii: "_")
            else { return }
            return self.examine(value, encoding: .none, part: part, name: name)
        }
        let isEncoded =
            traits.contains(.percent) || (encoding == .form && traits.contains(.plus))
        guard
            isEncoded && self.isTellingDecoded(value, encoding, part)
                || self.panel.isTelling(value, traits, part: part)
                || Self.mayBeBase64(value, traits)
                || traits.contains(.plus) && traits.contains(.upper)
        else { return }
        self.examine(value, encoding: encoding, part: part, name: name)
    }

    /// The same question once the container's own encoding is undone.
    private mutating func isTellingDecoded(
        _ value: Span<UInt8>, _ encoding: Encoding, _ part: RequestPart
    ) -> Bool {
        guard encoding != .none else { return true }
        ValueDecoder.decodeContainer(value, plus: encoding == .form, into: &self.decoded)
        return self.panel.isTelling(self.decoded.span, part: part)
    }

    /// Parts in which a single word may be a hit.
    private static func isNamed(_ part: RequestPart) -> Bool {
        part == .fileName || part == .path || part == .userAgent
    }

    private var panelIsStandard: Bool { self.settings.level == .standard }

    private func isDatabaseInitial(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "i"), UInt8(ascii: "m"), UInt8(ascii: "n"), UInt8(ascii: "p"),
            UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "d"), UInt8(ascii: "x"):
            true
        default: false
        }
    }

    private static func mayBeBase64(_ value: Span<UInt8>, _ traits: ByteTraits) -> Bool {
        traits.contains(.equals) && value.count >= 12
    }

    private mutating func examine(
        _ value: Span<UInt8>, encoding: Encoding, part: RequestPart, name: Span<UInt8>
    ) {
        var found = RuleSet()
        if encoding == .none {
            self.decoded.removeAll(keepingCapacity: true)
            for index in value.indices { self.decoded.append(value[index]) }
        } else {
            ValueDecoder.decodeContainer(value, plus: encoding == .form, into: &self.decoded)
        }
        var round = 0
        while true {
            self.look(part: part, name: name, into: &found)
            self.lookIntoBase64(part: part, name: name, into: &found)
            guard round < self.settings.limits.decodeRoundsMax else { break }
            let traits = Self.decodeLayer(self.decoded, into: &self.layer)
            guard traits.contains(.changed) else { break }
            if traits.contains(.overlong) { found.insert(.ambiguousOverlong) }
            if traits.contains(.layered), round > 0 { found.insert(.ambiguousEncoding) }
            if traits.contains(.hiddenLetter), !self.isJSON,
                part == .queryValue || part == .formValue
            {
                found.insert(.ambiguousLetter)
            }
            swap(&self.decoded, &self.layer)
            round += 1
        }
        self.record(found, in: part, named: name)
    }

    /// Runs the detectors over the text as it is decoded now.
    private mutating func look(
        part: RequestPart, name: Span<UInt8>, into found: inout RuleSet
    ) {
        Self.fold(self.decoded, into: &self.folded)
        Self.detect(self.folded, with: &self.panel, part: part, name: name, into: &found)
    }

    private mutating func lookIntoBase64(
        part: RequestPart, name: Span<UInt8>, into found: inout RuleSet
    ) {
        guard Self.decodeBase64(self.decoded, into: &self.layer) else { return }
        Self.fold(self.layer, into: &self.folded)
        Self.detect(self.folded, with: &self.panel, part: part, name: name, into: &found)
    }

    // One buffer is read while another is written: as arguments, so that it is plain that they are
    // two.

    private static func decodeLayer(
        _ text: [UInt8], into out: inout [UInt8]
    ) -> DecodingTraits {
        ValueDecoder.decodeLayer(text.span, into: &out)
    }

    private static func decodeBase64(_ text: [UInt8], into out: inout [UInt8]) -> Bool {
        Base64.decodeText(text.span, into: &out)
    }

    /// Lower case, one blank for several, and paths without `/./` and doubled slashes.
    private static func fold(_ text: [UInt8], into out: inout [UInt8]) {
        out.removeAll(keepingCapacity: true)
        var wasSpace = false
        for index in text.indices {
            let byte = text[index]
            let isSpace = byte == 0x20 || byte == 9
            if isSpace ? !wasSpace : !Self.isIdleInPath(text, index) {
                out.append(TextByte.lowercased(byte))
            }
            wasSpace = isSpace
        }
    }

    /// Whether a slash or dot changes nothing about a path: `etc//passwd`, `etc/./passwd`.
    private static func isIdleInPath(_ text: [UInt8], _ index: Int) -> Bool {
        guard index > 1, index + 1 < text.count else { return false }
        if text[index - 1] == UInt8(ascii: "."), text[index] == UInt8(ascii: "/") {
            return index > 2 && text[index - 2] == UInt8(ascii: "/")
                && TextByte.isWord(text[index - 3])
        }
        guard text[index - 1] == UInt8(ascii: "/") else { return false }
        let before = text[index - 2]
        switch text[index] {
        case UInt8(ascii: "/"):
            // Not `://`, nor a comment of code.
            return TextByte.isWord(before) && TextByte.isLetter(text[index + 1])
        case UInt8(ascii: "."):
            return TextByte.isWord(before) && text[index + 1] == UInt8(ascii: "/")
        default: return false
        }
    }

    private static func detect(
        _ text: [UInt8], with panel: inout DetectorPanel, part: RequestPart, name: Span<UInt8>,
        into found: inout RuleSet
    ) {
        panel.detect(text.span, part: part, name: name, into: &found)
    }

    // MARK: Hits

    private mutating func record(_ found: RuleSet, in part: RequestPart, named name: Span<UInt8>) {
        var found = found
        found.formIntersection(self.enabled)
        guard !found.isEmpty else { return }
        for exception in self.settings.exceptions where exception.covers(name, in: part) {
            found.subtract(exception.rules)
        }
        while let rule = found.popFirst() {
            self.report.add(
                rule, in: part, named: name, hitCountMax: self.settings.limits.hitCountMax)
        }
    }

    mutating func add(_ rule: InspectionRule, in part: RequestPart, named name: Span<UInt8>) {
        var found = RuleSet()
        found.insert(rule)
        self.record(found, in: part, named: name)
    }

    mutating func markTruncated() { self.report.isTruncated = true }
}
