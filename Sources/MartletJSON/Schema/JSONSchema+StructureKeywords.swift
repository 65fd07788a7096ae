/// Keywords that hold schemas, and those that name members.
extension JSONSchema.Compiler {
    // MARK: - Objects

    mutating func addMembers(_ builder: inout JSONSchema.KeywordBuilder) {
        var rule = JSONSchema.MemberRule()
        var names: [String: JSONSchema.Name] = [:]
        if let place = builder.value(.properties) {
            for (key, subschema) in self.map(.properties, at: place) {
                names[key, default: self.name(key)].subschema = subschema
            }
        }
        if let place = builder.value(.required) {
            for key in self.texts(.required, at: place)
            where names[key]?.required ?? JSONSchema.Program.none == JSONSchema.Program.none {
                names[key, default: self.name(key)].required = rule.requiredCount
                rule.requiredCount += 1
            }
        }
        rule.firstPattern = UInt32(self.program.patterns.count)
        var patterns: [JSONSchema.PatternRule] = []
        if let place = builder.value(.patternProperties) {
            for (key, subschema) in self.map(.patternProperties, at: place) {
                patterns.append(
                    .init(expression: self.expression(key, at: place), subschema: subschema))
            }
        }
        rule.patternCount = UInt32(patterns.count)
        self.program.patterns += patterns
        if let place = builder.value(.additionalProperties) {
            rule.additional = self.subschema(at: place)
        }
        let isNeeded =
            !names.isEmpty || !patterns.isEmpty || rule.additional != JSONSchema.Program.none
        if isNeeded {
            rule.firstName = UInt32(self.program.names.count)
            rule.nameCount = UInt32(names.count)
            self.program.names += names.values.sorted {
                ($0.hash, $0.offset) < ($1.hash, $1.offset)
            }
            builder.add(.properties, UInt32(self.program.memberRules.count))
            self.program.memberRules.append(rule)
        }
        self.add(.propertyNames, &builder)
    }

    private mutating func name(_ key: String) -> JSONSchema.Name {
        let bytes = ContiguousArray(key.utf8)
        let offset = UInt32(self.program.nameBytes.count)
        self.program.nameBytes += bytes
        return JSONSchema.Name(
            hash: JSONHash.key(bytes.span), offset: offset, byteCount: UInt32(bytes.count))
    }

    private mutating func map(
        _ keyword: JSONSchemaKeyword, at place: Place
    ) -> [(key: String, subschema: UInt32)] {
        let document = self.library.documents[place.document]
        guard document.kind(place.node) == .object else {
            self.refuse(keyword, at: place, expected: "an object of schemas")
            return []
        }
        return document.schemas(in: .map, place.node).map { node in
            let value = Place(document: place.document, node: node)
            return (document.keyText(node &- 1), self.subschema(at: value))
        }
    }

    private mutating func texts(_ keyword: JSONSchemaKeyword, at place: Place) -> [String] {
        let document = self.library.documents[place.document]
        var texts: [String] = []
        let isList = document.kind(place.node) == .array
        for node in isList ? document.schemas(in: .list, place.node) : [] {
            if let text = document.textValue(node) { texts.append(text) }
        }
        if !isList || texts.count < document.count(place.node) {
            self.refuse(keyword, at: place, expected: "a list of names")
        }
        return texts
    }

    mutating func addDependencies(_ builder: inout JSONSchema.KeywordBuilder) {
        for keyword in [JSONSchemaKeyword.dependentRequired, .dependentSchemas, .dependencies] {
            guard let place = builder.value(keyword) else { continue }
            let document = self.library.documents[place.document]
            guard document.kind(place.node) == .object else {
                self.refuse(keyword, at: place, expected: "an object")
                continue
            }
            for node in document.schemas(in: .map, place.node) {
                let value = Place(document: place.document, node: node)
                let trigger = UInt32(self.program.names.count)
                self.program.names.append(self.name(document.keyText(node &- 1)))
                // `dependencies` of earlier drafts took both (core appendix of 2019-09).
                let isList =
                    keyword == .dependentRequired
                    || keyword == .dependencies && document.kind(node) == .array
                if isList {
                    let names = self.texts(keyword, at: value).map { self.name($0) }
                    self.program.names += names
                    builder.add(.dependentRequired, trigger, UInt32(names.count))
                } else {
                    builder.add(.dependentSchemas, trigger, self.subschema(at: value))
                }
            }
        }
    }

    // MARK: - Arrays

    mutating func addElements(_ builder: inout JSONSchema.KeywordBuilder) {
        if let place = builder.value(.uniqueItems) {
            switch self.library.documents[place.document].kind(place.node) {
            case .true: builder.add(.uniqueItems, 0)
            case .false: break
            default: self.refuse(.uniqueItems, at: place, expected: "true or false")
            }
        }
        var rule = JSONSchema.ElementRule()
        if let place = builder.value(.prefixItems) {
            let list = self.list(.prefixItems, at: place)
            rule.firstPrefix = list.first
            rule.prefixCount = list.count
        }
        if let place = builder.value(.items) { rule.rest = self.subschema(at: place) }
        if rule.prefixCount > 0 || rule.rest != JSONSchema.Program.none {
            builder.add(.items, UInt32(self.program.elementRules.count))
            self.program.elementRules.append(rule)
        }
        let countMin = self.count(.minContains, builder)
        let countMax = self.count(.maxContains, builder)
        if let place = builder.value(.contains) {
            let rule = JSONSchema.ContainsRule(
                subschema: self.subschema(at: place), countMin: countMin ?? 1,
                countMax: countMax ?? .max)
            builder.add(.contains, UInt32(self.program.containsRules.count))
            self.program.containsRules.append(rule)
        }
    }

    // MARK: - Applicators

    private mutating func list(
        _ keyword: JSONSchemaKeyword, at place: Place
    ) -> (first: UInt32, count: UInt32) {
        let document = self.library.documents[place.document]
        guard document.kind(place.node) == .array, document.count(place.node) > 0 else {
            self.refuse(keyword, at: place, expected: "a list of schemas that is not empty")
            return (0, 0)
        }
        let members = document.schemas(in: .list, place.node).map { node in
            self.subschema(at: Place(document: place.document, node: node))
        }
        let first = UInt32(self.program.lists.count)
        self.program.lists += members
        return (first, UInt32(members.count))
    }

    mutating func add(_ keyword: JSONSchemaKeyword, _ builder: inout JSONSchema.KeywordBuilder) {
        guard let place = builder.value(keyword) else { return }
        builder.add(keyword, self.subschema(at: place))
    }

    mutating func addApplicators(_ builder: inout JSONSchema.KeywordBuilder) {
        for keyword in [JSONSchemaKeyword.allOf, .anyOf, .oneOf] {
            guard let place = builder.value(keyword) else { continue }
            let list = self.list(keyword, at: place)
            builder.add(keyword, list.first, list.count)
        }
        self.add(.not, &builder)
        guard let test = builder.value(.if) else { return }
        var condition = JSONSchema.Condition(test: self.subschema(at: test))
        if let place = builder.value(.then) { condition.then = self.subschema(at: place) }
        if let place = builder.value(.else) { condition.otherwise = self.subschema(at: place) }
        builder.add(.if, UInt32(self.program.conditions.count))
        self.program.conditions.append(condition)
    }

    mutating func addReferences(_ builder: inout JSONSchema.KeywordBuilder) {
        for keyword in [JSONSchemaKeyword.reference, .dynamicReference] {
            guard let place = builder.value(keyword) else { continue }
            let document = self.library.documents[place.document]
            guard let text = document.textValue(place.node) else {
                self.refuse(keyword, at: place, expected: "a reference")
                continue
            }
            let target = self.reference(text, at: builder.place)
            if keyword == .reference || target.anchor.isEmpty {
                builder.add(.reference, target.index)
            } else {
                builder.add(.dynamicReference, target.index, self.dynamicName(target.anchor))
            }
        }
    }
}
