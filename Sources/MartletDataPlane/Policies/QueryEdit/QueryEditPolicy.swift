package import MartletConfig
package import MartletHTTP

/// Query edits of one route, in the order remove, rename, map, set, add (row E1).
///
/// Names and values compare decoded; what is not edited goes on byte for byte. Immutable; one pass
/// over the query, and one before it if there are renames.
package struct QueryEditPolicy: Sendable {
    /// Which renames find their source is noted in one word.
    package static let renamesMax = 64

    private let removes: [[UInt8]]
    private let renames: [RenamedPair]
    private let maps: [MappedParameter]
    private let sets: [EditedPair]
    private let adds: [EditedPair]

    /// `captureNames` are what the path pattern captures, in its order.
    package init(_ config: QueryEditConfig, captureNames: [String]) throws(InvalidPolicy) {
        guard config.rename.count <= Self.renamesMax else {
            throw InvalidPolicy("more than \(Self.renamesMax) query renames")
        }
        var (renames, maps): ([RenamedPair], [MappedParameter]) = ([], [])
        var (sets, adds): ([EditedPair], [EditedPair]) = ([], [])
        for rename in config.rename {
            renames.append(try RenamedPair(rename, encoding: .query))
        }
        for map in config.map {
            maps.append(try MappedParameter(map, captureNames: captureNames))
        }
        for set in config.set {
            sets.append(try EditedPair(set, captureNames: captureNames, encoding: .query))
        }
        for add in config.add {
            adds.append(try EditedPair(add, captureNames: captureNames, encoding: .query))
        }
        self.removes = config.remove.map { Array($0.utf8) }
        (self.renames, self.maps, self.sets, self.adds) = (renames, maps, sets, adds)
    }

    /// Writes the new query into the head's store and points the head at it.
    package func apply(to head: RequestHead, captures: PathCaptures) {
        let start = head.headers.bytes.count
        let isChanged = self.writeEdited(&head.headers, head.hasQuery ? head.query : nil, captures)
        for index in self.sets.indices {
            Self.write(self.sets[index], &head.headers, captures, start: start)
        }
        for index in self.adds.indices {
            Self.write(self.adds[index], &head.headers, captures, start: start)
        }
        guard isChanged || !self.sets.isEmpty || !self.adds.isEmpty else {
            head.headers.truncateBytes(to: start)
            return
        }
        head.query = ByteRange(start: start, end: head.headers.bytes.count)
        head.hasQuery = !head.query.isEmpty
    }

    private static func write(
        _ pair: borrowing EditedPair, _ headers: inout HeaderList, _ captures: PathCaptures,
        start: Int
    ) {
        self.separate(&headers, start: start)
        headers.appendBytes(pair.prefix.span)
        pair.value.write(to: &headers, captures: captures, head: nil)
    }

    private static func separate(_ headers: inout HeaderList, start: Int) {
        if headers.bytes.count > start { headers.appendByte(UInt8(ascii: "&")) }
    }

    // MARK: The client's parameters

    /// Writes what is left of the client's query; returns whether that differs from it.
    private func writeEdited(
        _ headers: inout HeaderList, _ query: ByteRange?, _ captures: PathCaptures
    ) -> Bool {
        guard let query, !query.isEmpty else { return false }
        let start = headers.bytes.count
        let present = self.presentRenames(headers, query)
        var isChanged = false
        var parameters = QueryParameters(query)
        while let parameter = parameters.next(in: headers.bytes.span) {
            let rename = self.rename(of: parameter, headers)
            guard !self.isDropped(parameter, rename, present, headers) else {
                isChanged = true
                continue
            }
            let value = self.mapped(parameter, rename, headers)
            Self.separate(&headers, start: start)
            guard rename != nil || value != nil else {
                headers.appendBytes(copying: parameter.whole)
                continue
            }
            isChanged = true
            self.write(parameter, rename, value, &headers, captures)
        }
        return isChanged
    }

    private func write(
        _ parameter: QueryParameter, _ rename: Int?, _ value: (map: Int, row: Int)?,
        _ headers: inout HeaderList, _ captures: PathCaptures
    ) {
        if let rename {
            headers.appendBytes(self.renames[rename].to)
        } else {
            headers.appendBytes(copying: parameter.name)
        }
        if let value {
            headers.appendByte(UInt8(ascii: "="))
            self.maps[value.map].to[value.row].write(to: &headers, captures: captures, head: nil)
        } else {
            let rest = ByteRange(start: parameter.name.end, end: parameter.whole.end)
            headers.appendBytes(copying: rest)
        }
    }

    private func presentRenames(_ headers: borrowing HeaderList, _ query: ByteRange) -> UInt64 {
        guard !self.renames.isEmpty else { return 0 }
        var present: UInt64 = 0
        var parameters = QueryParameters(query)
        while let parameter = parameters.next(in: headers.bytes.span) {
            if let index = self.rename(of: parameter, headers) { present |= 1 << UInt64(index) }
        }
        return present
    }

    /// The rename that a parameter is the source of, unless it is removed before.
    private func rename(of parameter: QueryParameter, _ headers: borrowing HeaderList) -> Int? {
        for index in self.renames.indices
        where parameter.hasName(self.renames[index].from, in: headers.bytes.span) {
            return self.isRemoved(parameter, headers) ? nil : index
        }
        return nil
    }

    private func isRemoved(_ parameter: QueryParameter, _ headers: borrowing HeaderList) -> Bool {
        for index in self.removes.indices
        where parameter.hasName(self.removes[index], in: headers.bytes.span) {
            return true
        }
        return false
    }

    /// Whether it is removed, makes way for a renamed one, or is set anew.
    private func isDropped(
        _ parameter: QueryParameter, _ rename: Int?, _ present: UInt64,
        _ headers: borrowing HeaderList
    ) -> Bool {
        if let rename {
            for set in self.sets.indices
            where self.sets[set].name == self.renames[rename].toName {
                return true
            }
            return false
        }
        if self.isRemoved(parameter, headers) { return true }
        for index in self.renames.indices
        where present & (1 << UInt64(index)) != 0
            && parameter.hasName(self.renames[index].toName, in: headers.bytes.span)
        {
            return true
        }
        for index in self.sets.indices
        where parameter.hasName(self.sets[index].name, in: headers.bytes.span) {
            return true
        }
        return false
    }

    /// The map row whose value the parameter, under its new name, has.
    private func mapped(
        _ parameter: QueryParameter, _ rename: Int?, _ headers: borrowing HeaderList
    ) -> (map: Int, row: Int)? {
        for map in self.maps.indices {
            let isNamed =
                if let rename {
                    self.maps[map].name == self.renames[rename].toName
                } else {
                    parameter.hasName(self.maps[map].name, in: headers.bytes.span)
                }
            guard isNamed else { continue }
            for row in self.maps[map].from.indices
            where parameter.hasValue(self.maps[map].from[row], in: headers.bytes.span) {
                return (map, row)
            }
        }
        return nil
    }
}

/// For one query parameter, which value becomes which.
struct MappedParameter: Sendable {
    let name: [UInt8]
    let from: [[UInt8]]
    let to: [ValueTemplate]

    init(_ config: ValueMapConfig, captureNames: [String]) throws(InvalidPolicy) {
        self.name = Array(config.name.utf8)
        self.from = config.values.map { Array($0.name.utf8) }
        var to: [ValueTemplate] = []
        for value in config.values {
            to.append(
                try ValueTemplate.compile(
                    value.value, captureNames: captureNames, encoding: .query))
        }
        self.to = to
    }
}
