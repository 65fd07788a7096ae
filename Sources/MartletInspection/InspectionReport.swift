/// One rule that one value broke.
package struct InspectionHit: Sendable, Equatable {
    package var rule: InspectionRule
    package var part: RequestPart
    /// Where the parameter's name is in the report's bytes.
    var nameStart: UInt32
    var nameCount: UInt32
}

/// What an inspection found.
///
/// Owned by its inspector, emptied for each request.
package struct InspectionReport: Sendable {
    /// Bytes of a parameter's name that are kept.
    static let nameBytesMax = 64

    /// The first hits, in the order in which they were found.
    package private(set) var hits: [InspectionHit] = []
    /// Every rule that was broken, those included that `hits` had no place for.
    package private(set) var rules = RuleSet()
    /// Values that were looked at, names included.
    package internal(set) var valueCount = 0
    /// Bytes were left out, as limits say.
    package internal(set) var isTruncated = false
    private var names: [UInt8] = []

    init(hitCountMax: Int) {
        self.hits.reserveCapacity(hitCountMax)
        self.names.reserveCapacity(hitCountMax * Self.nameBytesMax)
    }

    mutating func reset() {
        self.hits.removeAll(keepingCapacity: true)
        self.names.removeAll(keepingCapacity: true)
        self.rules = RuleSet()
        self.valueCount = 0
        self.isTruncated = false
    }

    mutating func add(
        _ rule: InspectionRule, in part: RequestPart, named name: Span<UInt8>, hitCountMax: Int
    ) {
        self.rules.insert(rule)
        guard self.hits.count < hitCountMax else { return }
        let count = min(name.count, Self.nameBytesMax)
        self.hits.append(
            InspectionHit(
                rule: rule, part: part, nameStart: UInt32(self.names.count),
                nameCount: UInt32(count)))
        for index in 0..<count { self.names.append(name[index]) }
    }

    /// The score of all rules together, each counted once.
    package var score: Int {
        var rules = self.rules
        var score = 0
        while let rule = rules.popFirst() { score += rule.definition.severity.score }
        return score
    }

    /// The score of one class.
    package func score(of attack: AttackClass) -> Int {
        var rules = self.rules
        var score = 0
        while let rule = rules.popFirst() {
            let definition = rule.definition
            if definition.attack == attack { score += definition.severity.score }
        }
        return score
    }

    /// The name of the parameter that a hit was in, cut to 64 bytes.
    package func withName<Result>(of hit: InspectionHit, _ body: (Span<UInt8>) -> Result) -> Result
    {
        let start = min(Int(hit.nameStart), self.names.count)
        let end = min(start + Int(hit.nameCount), self.names.count)
        return body(self.names.span.extracting(start..<end))
    }

    /// The same as text.
    ///
    /// Allocates: for logs and tests.
    package func name(of hit: InspectionHit) -> String {
        self.withName(of: hit) { name in
            var bytes: [UInt8] = []
            for index in name.indices { bytes.append(name[index]) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
