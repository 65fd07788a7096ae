extension JSONSchema {
    /// Makes a program of schema documents.
    ///
    /// Each schema is compiled once, wherever it is referred to from; nothing is recursive but what
    /// the depth of a document bounds.
    struct Compiler {
        typealias Place = JSONSchemaLibrary.Place

        var program = Program()
        var library: JSONSchemaLibrary
        let options: Options
        private var indices: [Place: UInt32] = [:]
        private var queue: [Place] = []
        private var dialects: [Int: JSONSchemaDialect] = [:]
        private var dynamicNames: [String: UInt32] = [:]
        private var expressions: [String: UInt32] = [:]
        private var constants = JSONWriter()
        private var constantCount: UInt32 = 0

        init(_ options: Options) {
            self.options = options
            self.library = JSONSchemaLibrary(options.limits)
            self.program.subschemas = [Subschema(), Subschema()]
            self.constants.beginArray()
        }

        mutating func compile(_ source: Source, _ others: [Source]) throws(Failure) -> UInt32 {
            let place = self.library.add(source)
            for other in others { _ = self.library.add(other) }
            guard let place, self.library.errors.isEmpty else { throw self.failure }
            self.compileAll(place)
            let root = self.subschema(at: place)
            self.drain()
            // More of them may be found by compiling those that were found.
            while self.library.errors.isEmpty, self.addDynamicAnchors() { self.drain() }
            self.finishConstants()
            self.findEndlessReference()
            guard self.library.errors.isEmpty else { throw self.failure }
            return root
        }

        private var failure: Failure {
            let errors = self.library.errors.prefix(self.options.limits.errorCountMax)
            return Failure(errors: Array(errors))
        }

        /// All that stands where a schema stands, so that mistakes show in what nothing refers to.
        private mutating func compileAll(_ root: Place) {
            let document = self.library.documents[root.document]
            var pending = [root.node]
            while let node = pending.popLast() {
                _ = self.subschema(at: Place(document: root.document, node: node))
                guard document.kind(node) == .object else { continue }
                var key = document.firstChild(of: node)
                while key < document.end(of: node) {
                    if let keyword = JSONSchemaKeyword(document, key: key) {
                        pending += document.schemas(in: keyword.holding, key &+ 1)
                    }
                    key = document.end(of: key &+ 1)
                }
            }
        }

        private mutating func drain() {
            while let place = self.queue.popLast(),
                self.library.errors.count < self.options.limits.errorCountMax
            {
                guard let index = self.indices[place] else { continue }
                self.compile(place, into: Int(index))
            }
        }

        // MARK: - Subschemas

        /// The index of the schema at a place; it is compiled later if it is new.
        mutating func subschema(at place: Place) -> UInt32 {
            switch self.library.documents[place.document].kind(place.node) {
            case .true: return Program.always
            case .false: return Program.never
            case .object: break
            default:
                self.library.report(.notASchema, at: place)
                return Program.never
            }
            if let index = self.indices[place] { return index }
            guard self.program.subschemas.count < self.options.limits.subschemaCountMax else {
                if self.library.errors.last?.reason != .tooLarge {
                    self.library.report(.tooLarge, at: place)
                }
                return Program.never
            }
            let index = UInt32(self.program.subschemas.count)
            self.indices[place] = index
            let resource = UInt32(truncatingIfNeeded: self.library.owner(of: place))
            self.program.subschemas.append(Subschema(resource: resource))
            self.queue.append(place)
            return index
        }

        private mutating func compile(_ place: Place, into index: Int) {
            let dialect = self.dialect(of: self.library.owner(of: place))
            var builder = KeywordBuilder(place: place, dialect: dialect)
            builder.find(in: self.library.documents[place.document])
            let instructions = self.instructions(&builder)
            var subschema = self.program.subschemas[index]
            subschema.firstInstruction = UInt32(self.program.instructions.count)
            subschema.instructionCount = UInt32(instructions.count)
            subschema.asksForEvaluated = instructions.contains {
                $0.keyword == .unevaluatedItems || $0.keyword == .unevaluatedProperties
            }
            self.program.subschemas[index] = subschema
            self.program.instructions += instructions
        }

        // MARK: - Dialects

        /// That of a resource, of the one around it, or the standard one.
        private mutating func dialect(of resource: Int) -> JSONSchemaDialect {
            if let known = self.dialects[resource] { return known }
            let entry = self.library.resources[resource]
            let dialect: JSONSchemaDialect
            if let uri = entry.dialect {
                dialect = self.dialect(named: uri, at: entry.place)
            } else if let parent = entry.parent {
                dialect = self.dialect(of: parent)
            } else {
                dialect = .standard
            }
            self.dialects[resource] = dialect
            return dialect
        }

        private mutating func dialect(named uri: String, at place: Place) -> JSONSchemaDialect {
            let name = URIReference(uri).resource
            if name.description == JSONSchemaMetaschema.uri { return .standard }
            guard let resource = self.library.resource(named: name) else {
                self.library.report(.unknownDialect(uri), at: place)
                return .standard
            }
            let metaschema = self.library.resources[resource].place
            guard let list = self.library.value(of: .vocabulary, at: metaschema) else {
                return .standard
            }
            var dialect: JSONSchemaDialect = .core
            let document = self.library.documents[list.document]
            guard document.kind(list.node) == .object else { return .standard }
            var key = document.firstChild(of: list.node)
            while key < document.end(of: list.node) {
                let name = document.keyText(key)
                if let vocabulary = JSONSchemaDialect(vocabulary: name) {
                    dialect.formUnion(vocabulary)
                } else if document.kind(key &+ 1) == .true {
                    self.library.report(.unknownVocabulary(name), at: place)
                }
                key = document.end(of: key &+ 1)
            }
            return dialect
        }

        // MARK: - Parts

        mutating func reference(_ text: String, at place: Place) -> (index: UInt32, anchor: String)
        {
            let owner = self.library.owner(of: place)
            guard let target = self.library.resolve(text, in: owner) else {
                let uri = URIReference(text).resolved(against: self.library.resources[owner].uri)
                self.library.report(.unknownReference(uri.description), at: place)
                return (Program.never, "")
            }
            // Only an anchor that is dynamic where it was found makes a reference dynamic
            // (core §8.2.3.2).
            let targetOwner = self.library.owner(of: target.place)
            let dynamic = self.library.dynamicAnchors[target.anchor]?[targetOwner]
            return (self.subschema(at: target.place), dynamic == target.place ? target.anchor : "")
        }

        mutating func dynamicName(_ name: String) -> UInt32 {
            if let known = self.dynamicNames[name] { return known }
            let index = UInt32(self.dynamicNames.count)
            self.dynamicNames[name] = index
            return index
        }

        /// Of the names that are referred to dynamically; whether there was a new one.
        private mutating func addDynamicAnchors() -> Bool {
            var anchors: ContiguousArray<DynamicAnchor> = []
            for (name, index) in self.dynamicNames.sorted(by: { $0.value < $1.value }) {
                let places = self.library.dynamicAnchors[name] ?? [:]
                for (resource, place) in places.sorted(by: { $0.key < $1.key }) {
                    anchors.append(
                        DynamicAnchor(
                            resource: UInt32(truncatingIfNeeded: resource), name: index,
                            subschema: self.subschema(at: place)))
                }
            }
            let isNew = anchors.count > self.program.dynamicAnchors.count || !self.queue.isEmpty
            self.program.dynamicAnchors = anchors
            return isNew
        }

        mutating func expression(_ pattern: String, at place: Place) -> UInt32 {
            if let known = self.expressions[pattern] { return known }
            let index = UInt32(self.program.expressions.count)
            do throws(RegularExpressionError) {
                let expression = try RegularExpression(
                    pattern, limits: self.options.limits.expressions)
                self.program.expressions.append(expression)
                self.expressions[pattern] = index
            } catch {
                self.library.report(.invalidPattern(error), at: place)
            }
            return index
        }

        mutating func constant(at place: Place) -> UInt32 {
            self.constants.compact(place.node, of: self.library.documents[place.document])
            self.constantCount += 1
            return self.constantCount - 1
        }

        private mutating func finishConstants() {
            self.constants.endArray()
            var limits = self.options.limits.json
            limits.bytesMax = .max
            limits.depthMax = .max
            limits.nodeCountMax = .max
            limits.elementCountMax = .max
            guard let document = try? JSONDocument(self.constants.bytes.span, limits: limits) else {
                let root = Place(document: 0, node: 0)
                return self.library.report(.tooLarge, at: root)
            }
            self.program.constants = document
            var child = document.firstChild(of: 0)
            while child < document.end(of: 0) {
                self.program.constantNodes.append(UInt32(truncatingIfNeeded: child))
                child = document.end(of: child)
            }
        }

        /// Where a subschema stands, for messages.
        func place(of index: UInt32) -> Place? {
            self.indices.first { $0.value == index }?.key
        }
    }
}

extension JSONDocument {
    /// The values of a keyword that are schemas.
    func schemas(in holding: JSONSchemaKeyword.Holding, _ value: Int) -> [Int] {
        switch (holding, self.kind(value)) {
        case (.schema, _): return [value]
        case (.list, .array):
            var nodes: [Int] = []
            var child = self.firstChild(of: value)
            while child < self.end(of: value) {
                nodes.append(child)
                child = self.end(of: child)
            }
            return nodes
        case (.map, .object), (.dependencies, .object):
            var nodes: [Int] = []
            var key = self.firstChild(of: value)
            while key < self.end(of: value) {
                if holding == .map || self.kind(key &+ 1) != .array { nodes.append(key &+ 1) }
                key = self.end(of: key &+ 1)
            }
            return nodes
        default: return []
        }
    }
}
