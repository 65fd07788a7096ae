/// The schema documents that were handed in, and what each part of them is called.
///
/// Used while schemas are compiled; bounded by the compiler's limits.
struct JSONSchemaLibrary {
    /// A place in one of the documents.
    struct Place: Hashable {
        var document: Int
        var node: Int
    }

    /// What has an absolute URI of its own (core §4.3.5).
    struct Resource {
        let uri: URIReference
        let place: Place
        /// The value of `$schema`, if it has one.
        var dialect: String?
        /// The resource around it, if it has none.
        let parent: Int?
    }

    private(set) var documents: [JSONDocument] = []
    private(set) var names: [String] = []
    private(set) var resources: [Resource] = []
    /// Of each document, the resource that each value of its tape belongs to.
    private var owners: [ContiguousArray<UInt32>] = []
    private var byURI: [String: Int] = [:]
    private var anchors: [String: Place] = [:]
    /// Of a name, the resources where it is a dynamic anchor.
    private(set) var dynamicAnchors: [String: [Int: Place]] = [:]
    var errors: [JSONSchemaError] = []
    let limits: JSONSchemaLimits

    init(_ limits: JSONSchemaLimits) { self.limits = limits }

    // MARK: - Taking documents in

    /// Reads a source; its root is what is returned.
    mutating func add(_ source: JSONSchema.Source) -> Place? {
        guard self.documents.count < self.limits.documentCountMax else {
            self.errors.append(JSONSchemaError(.tooLarge, resource: source.uri, pointer: ""))
            return nil
        }
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(source.text.span, limits: self.limits.json)
        } catch {
            self.errors.append(
                JSONSchemaError(.invalidJSON(error), resource: source.uri, pointer: ""))
            return nil
        }
        let place = Place(document: self.documents.count, node: 0)
        self.documents.append(document)
        self.names.append(source.uri)
        let retrieval = URIReference(source.uri).resource
        let resource = self.addResource(
            Resource(uri: retrieval, place: place, dialect: nil, parent: nil))
        self.owners.append(
            ContiguousArray(repeating: UInt32(resource), count: document.nodeCount))
        self.register(retrieval, as: resource, at: place)
        self.scan(place, resource: resource)
        return place
    }

    private mutating func addResource(_ resource: Resource) -> Int {
        self.resources.append(resource)
        return self.resources.count - 1
    }

    private mutating func register(_ uri: URIReference, as resource: Int, at place: Place) {
        let key = uri.description
        if let other = self.byURI[key], self.resources[other].place != place {
            return self.report(.repeatedIdentifier, at: place)
        }
        self.byURI[key] = resource
    }

    mutating func report(_ reason: JSONSchemaError.Reason, at place: Place) {
        self.errors.append(
            JSONSchemaError(
                reason, resource: self.names[place.document],
                pointer: self.documents[place.document].pointer(to: place.node)))
    }

    // MARK: - Walking

    /// Finds what has a name; depth is bounded by that of the document.
    private mutating func scan(_ place: Place, resource outer: Int) {
        let document = self.documents[place.document]
        guard document.kind(place.node) == .object else { return }
        var resource = outer
        if let text = self.text(of: .identifier, at: place) {
            resource = self.identify(place, as: text, in: outer)
        }
        // It counts at the root of a resource only (core §8.1.1).
        if self.resources[resource].place == place,
            let dialect = self.text(of: .dialect, at: place)
        {
            self.resources[resource].dialect = dialect
        }
        if let anchor = self.text(of: .anchor, at: place) {
            self.addAnchor(anchor, resource, place)
        }
        if let anchor = self.text(of: .dynamicAnchor, at: place) {
            self.addAnchor(anchor, resource, place)
            self.dynamicAnchors[anchor, default: [:]][resource] = place
        }
        var key = document.firstChild(of: place.node)
        while key < document.end(of: place.node) {
            let value = Place(document: place.document, node: key &+ 1)
            key = document.end(of: value.node)
            guard let keyword = JSONSchemaKeyword(document, key: value.node &- 1) else { continue }
            self.scan(keyword.holding, value, resource)
        }
    }

    private mutating func scan(
        _ holding: JSONSchemaKeyword.Holding, _ value: Place, _ resource: Int
    ) {
        let document = self.documents[value.document]
        let kind = document.kind(value.node)
        switch (holding, kind) {
        case (.schema, _): self.scan(value, resource: resource)
        case (.list, .array):
            var child = document.firstChild(of: value.node)
            while child < document.end(of: value.node) {
                self.scan(Place(document: value.document, node: child), resource: resource)
                child = document.end(of: child)
            }
        case (.map, .object), (.dependencies, .object):
            var key = document.firstChild(of: value.node)
            while key < document.end(of: value.node) {
                self.scan(Place(document: value.document, node: key &+ 1), resource: resource)
                key = document.end(of: key &+ 1)
            }
        default: return
        }
    }

    private mutating func identify(_ place: Place, as text: String, in outer: Int) -> Int {
        let uri = URIReference(text).resolved(against: self.resources[outer].uri)
        guard uri.fragment == nil || uri.fragment == "" else {
            self.report(.identifierWithFragment, at: place)
            return outer
        }
        let resource = self.addResource(
            Resource(
                uri: uri.resource, place: place, dialect: nil,
                parent: place.node == 0 ? nil : outer))
        let document = self.documents[place.document]
        for node in place.node..<document.end(of: place.node) {
            self.owners[place.document][node] = UInt32(truncatingIfNeeded: resource)
        }
        self.register(uri.resource, as: resource, at: place)
        // By its place it stays reachable, and there means the same resource.
        if place.node == 0 { self.byURI[self.resources[outer].uri.description] = resource }
        return resource
    }

    private mutating func addAnchor(_ anchor: String, _ resource: Int, _ place: Place) {
        guard Self.isAnchor(anchor) else { return self.report(.invalidAnchor, at: place) }
        let key = self.resources[resource].uri.description + "#" + anchor
        if let other = self.anchors[key], other != place {
            return self.report(.repeatedAnchor, at: place)
        }
        self.anchors[key] = place
    }

    /// Core §8.2.2.
    private static func isAnchor(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 256 else { return false }
        let isLetter = { (byte: UInt8) in
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                || byte == UInt8(ascii: "_")
        }
        return isLetter(first)
            && text.utf8.allSatisfy {
                isLetter($0) || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: ".")
            }
    }

    /// The text that a keyword has.
    func text(of keyword: JSONSchemaKeyword, at place: Place) -> String? {
        guard let value = self.value(of: keyword, at: place) else { return nil }
        return self.documents[value.document].textValue(value.node)
    }

    func value(of keyword: JSONSchemaKeyword, at place: Place) -> Place? {
        let document = self.documents[place.document]
        let key = ContiguousArray(keyword.rawValue.utf8)
        guard let node = document.value(of: key.span, in: place.node) else { return nil }
        return Place(document: place.document, node: node)
    }

    // MARK: - Finding

    func owner(of place: Place) -> Int { Int(self.owners[place.document][place.node]) }

    /// What a reference means that stands in a resource; metaschemas are read when they are asked
    /// for.
    mutating func resolve(_ reference: String, in resource: Int) -> (place: Place, anchor: String)?
    {
        let uri = URIReference(reference).resolved(against: self.resources[resource].uri)
        guard let fragment = uri.decodedFragment, let target = self.resource(named: uri.resource)
        else { return nil }
        let place = self.resources[target].place
        if fragment.isEmpty { return (place, "") }
        if fragment.utf8.first == UInt8(ascii: "/") {
            guard let pointer = try? JSONPointer(fragment),
                let node = self.documents[place.document].value(at: pointer, from: place.node)
            else { return nil }
            return (Place(document: place.document, node: node), "")
        }
        let key = self.resources[target].uri.description + "#" + fragment
        guard let place = self.anchors[key] else { return nil }
        return (place, fragment)
    }

    mutating func resource(named uri: URIReference) -> Int? {
        let key = uri.description
        if let resource = self.byURI[key] { return resource }
        guard let text = JSONSchemaMetaschema.text(of: key) else { return nil }
        _ = self.add(JSONSchema.Source(uri: key, text: ContiguousArray(text.utf8)))
        return self.byURI[key]
    }
}

extension JSONDocument {
    /// What a string says, as a text.
    func textValue(_ node: Int) -> String? {
        guard self.kind(node) == .string else { return nil }
        return self.keyText(node)
    }

    /// What a string or a key says.
    func keyText(_ node: Int) -> String {
        let span = self.string(node)
        return unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension JSONSchemaKeyword {
    /// The keyword that a key is, if it is one; `false` is none.
    init?(_ document: JSONDocument, key: Int) {
        self.init(rawValue: document.keyText(key))
        if self == .never { return nil }
    }
}
