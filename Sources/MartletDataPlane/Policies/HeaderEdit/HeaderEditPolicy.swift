package import MartletConfig
package import MartletHTTP

/// Header edits of one route, in the order remove, rename, map, set, add (row E1).
///
/// What is removed or set goes in every spelling (`x_user` for `x-user`), so that a client cannot
/// slip a value of its own past an upstream that reads both as one. Immutable; a row of the plan.
package struct HeaderEditPolicy: Sendable {
    /// Known names without `-`, which have one spelling.
    private let removedKnown: UInt64
    private let removedNames: [[UInt8]]
    private let removedPrefixes: [[UInt8]]
    private let renames: [RenamedHeader]
    private let maps: [MappedHeader]
    private let sets: [EditedHeader]
    private let adds: [EditedHeader]

    /// `captureNames` are what the path pattern captures, in its order.
    package init(_ config: HeaderEditConfig, captureNames: [String]) throws(InvalidPolicy) {
        var known: UInt64 = 0
        var (names, prefixes): ([[UInt8]], [[UInt8]]) = ([], [])
        var (renames, maps): ([RenamedHeader], [MappedHeader]) = ([], [])
        var (sets, adds): ([EditedHeader], [EditedHeader]) = ([], [])
        for text in config.remove {
            if text.hasSuffix("*") {
                prefixes.append(try Self.prefix(String(text.dropLast())))
                continue
            }
            let name = try EditedHeaderName(text)
            if name.known != .other, !text.contains("-") {
                known |= name.known.bit
            } else {
                names.append(name.bytes)
            }
        }
        for rename in config.rename { renames.append(try RenamedHeader(rename)) }
        for map in config.map {
            maps.append(try MappedHeader(map, captureNames: captureNames))
        }
        for set in config.set { sets.append(try EditedHeader(set, captureNames: captureNames)) }
        for add in config.add { adds.append(try EditedHeader(add, captureNames: captureNames)) }
        (self.removedKnown, self.removedNames, self.removedPrefixes) = (known, names, prefixes)
        (self.renames, self.maps, self.sets, self.adds) = (renames, maps, sets, adds)
    }

    /// Edits a request's own fields.
    package func apply(to head: RequestHead, captures: PathCaptures) {
        self.apply(to: &head.headers, captures: captures, head: nil)
    }

    /// Edits a response's fields.
    ///
    /// - `head`: the request whose path was captured; its fields are not edited.
    package func apply(
        toResponse headers: inout HeaderList, captures: PathCaptures, head: RequestHead
    ) {
        self.apply(to: &headers, captures: captures, head: head)
    }

    private func apply(
        to headers: inout HeaderList, captures: PathCaptures, head: RequestHead?
    ) {
        headers.remove(anyOf: self.removedKnown)
        for index in self.removedNames.indices {
            headers.removeAnySpelling(of: self.removedNames[index])
        }
        for index in self.removedPrefixes.indices {
            headers.removeAnySpelling(beginning: self.removedPrefixes[index])
        }
        for index in self.renames.indices { self.renames[index].apply(to: &headers) }
        for index in self.maps.indices {
            self.maps[index].apply(to: &headers, captures: captures, head: head)
        }
        for index in self.sets.indices {
            headers.removeAnySpelling(of: self.sets[index].name.bytes)
            self.sets[index].add(to: &headers, captures: captures, head: head)
        }
        for index in self.adds.indices {
            self.adds[index].add(to: &headers, captures: captures, head: head)
        }
    }

    private static func prefix(_ text: String) throws(InvalidPolicy) -> [UInt8] {
        guard EditedHeaderName.isToken(text) else {
            throw InvalidPolicy("`\(text)*` is not the beginning of a header name")
        }
        return Array(text.utf8)
    }
}

/// A header that goes on under another name.
///
/// What the message had under that name goes, if the renamed header is there: it would be taken for
/// it.
struct RenamedHeader: Sendable {
    private let from: [UInt8]
    private let to: [UInt8]

    init(_ config: HeaderValueConfig) throws(InvalidPolicy) {
        self.from = try EditedHeaderName(config.name).bytes
        self.to = try EditedHeaderName(config.value).bytes
        guard !self.from.span.isEqualIgnoringCaseAndUnderscore(to: self.to.span) else {
            throw InvalidPolicy("`\(config.name)` is renamed to itself")
        }
    }

    func apply(to headers: inout HeaderList) {
        guard headers.first(named: self.from.span) != nil else { return }
        headers.removeAnySpelling(of: self.to.span)
        for index in headers.fields.indices where headers.isField(index, named: self.from.span) {
            let open = headers.beginField(name: self.to.span)
            headers.appendBytes(copying: headers.fields[index].value)
            headers.endField(open, replacing: index)
        }
    }
}
