import MartletConfig
package import MartletHTTP

/// The main `regions`, compiled, by name.
package typealias Regions = [String: AddressBlocks]

/// Makes predicates of conditions as they were written, and the pool that those refer to.
///
/// Load time only.
struct PredicateList {
    private let regions: Regions
    private(set) var predicates: ContiguousArray<RoutePredicate> = []
    private(set) var texts = PredicateTexts()

    init(regions: Regions) {
        self.regions = regions
    }

    /// In the order in which `explain` tells them.
    mutating func append(_ match: RouteMatchConfig) {
        self.append(headers: match.headers, cookies: match.cookies, query: match.query)
        if !match.contentTypes.isEmpty { self.append(contentTypes: match.contentTypes) }
        if !match.regions.isEmpty { self.append(regions: match.regions) }
    }

    mutating func append(_ condition: RequestConditionConfig) {
        self.append(
            headers: condition.headers, cookies: condition.cookies, query: condition.query)
        if !condition.regions.isEmpty { self.append(regions: condition.regions) }
    }

    private mutating func append(
        headers: [FieldMatchConfig], cookies: [FieldMatchConfig], query: [FieldMatchConfig]
    ) {
        for field in headers { self.append(field, as: .header) }
        for field in cookies { self.append(field, as: .cookie) }
        for field in query { self.append(field, as: .query) }
    }

    private mutating func append(_ field: FieldMatchConfig, as subject: RoutePredicate.Subject) {
        let valuesStart = self.texts.values.count
        var test = RoutePredicate.Test.equals
        switch field.test {
        case .equals(let text): self.texts.appendValue(.equals, text.utf8)
        case .oneOf(let texts):
            for text in texts { self.texts.appendValue(.equals, text.utf8) }
        case .hasPrefix(let text): self.texts.appendValue(.hasPrefix, text.utf8)
        case .hasSuffix(let text): self.texts.appendValue(.hasSuffix, text.utf8)
        case .contains(let text): self.texts.appendValue(.contains, text.utf8)
        case .isPresent: test = .isPresent
        case .isAbsent: test = .isAbsent
        }
        let name = subject == .header ? field.name.lowercased() : field.name
        self.predicates.append(
            RoutePredicate(
                subject: subject, test: test,
                known: subject == .header ? HeaderName(Array(name.utf8).span) : .other,
                name: self.texts.append(name.utf8), valuesStart: UInt32(valuesStart),
                valuesCount: UInt32(self.texts.values.count - valuesStart)))
    }

    private mutating func append(contentTypes: [String]) {
        let valuesStart = self.texts.values.count
        for text in contentTypes {
            let text = text.lowercased()
            if text == "*/*" {
                self.texts.appendValue(.isPresent, [])
            } else if text.hasSuffix("/*") {
                self.texts.appendValue(.hasMediaTypePrefix, text.dropLast().utf8)
            } else {
                self.texts.appendValue(.equals, text.utf8)
            }
        }
        self.predicates.append(
            RoutePredicate(
                subject: .contentType, test: .equals, known: .contentType, name: .empty,
                valuesStart: UInt32(valuesStart), valuesCount: UInt32(contentTypes.count)))
    }

    /// A name that is not there has been reported; nobody is in such a region.
    private mutating func append(regions names: [String]) {
        let start = self.texts.regions.count
        for name in names { self.texts.appendRegion(self.regions[name] ?? .none) }
        self.predicates.append(
            RoutePredicate(
                subject: .region, test: .equals, known: .other, name: .empty,
                valuesStart: UInt32(start), valuesCount: UInt32(names.count)))
    }
}
