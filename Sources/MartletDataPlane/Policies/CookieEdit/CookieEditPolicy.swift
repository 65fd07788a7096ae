package import MartletConfig
package import MartletHTTP

/// Request cookie edits of one route, in the order remove, rename, set (row E1).
///
/// Names compare as they are written. An edited request has one `Cookie` field, however many came.
/// Immutable; one pass over the cookies, and one before it if there are renames.
package struct CookieEditPolicy: Sendable {
    /// Which renames find their source is noted in one word.
    package static let renamesMax = 64

    private let removes: [[UInt8]]
    private let renames: [RenamedPair]
    private let sets: [EditedPair]

    /// `captureNames` are what the path pattern captures, in its order.
    package init(_ config: CookieEditConfig, captureNames: [String]) throws(InvalidPolicy) {
        guard config.rename.count <= Self.renamesMax else {
            throw InvalidPolicy("more than \(Self.renamesMax) cookie renames")
        }
        var renames: [RenamedPair] = []
        var sets: [EditedPair] = []
        for rename in config.rename {
            try Self.check(rename.value)
            renames.append(try RenamedPair(rename, encoding: .cookie))
        }
        for set in config.set {
            try Self.check(set.name)
            sets.append(try EditedPair(set, captureNames: captureNames, encoding: .cookie))
        }
        self.removes = config.remove.map { Array($0.utf8) }
        (self.renames, self.sets) = (renames, sets)
    }

    /// RFC 6265 §4.1.1: a cookie's name is a token.
    private static func check(_ name: String) throws(InvalidPolicy) {
        guard EditedHeaderName.isToken(name) else {
            throw InvalidPolicy("`\(name)` is not a cookie name")
        }
    }

    package func apply(to head: RequestHead, captures: PathCaptures) {
        self.apply(to: &head.headers, captures: captures)
    }

    private func apply(to headers: inout HeaderList, captures: PathCaptures) {
        guard headers.contains(.cookie) || !self.sets.isEmpty else { return }
        let start = headers.bytes.count
        let open = headers.beginField(.cookie)
        let isChanged = self.writeEdited(&headers, valueStart: open.valueStart)
        for index in self.sets.indices {
            Self.separate(&headers, open.valueStart)
            headers.appendBytes(self.sets[index].prefix)
            self.sets[index].value.write(to: &headers, captures: captures, head: nil)
        }
        guard isChanged || !self.sets.isEmpty else {
            headers.truncateBytes(to: start)
            return
        }
        headers.remove(.cookie)
        guard headers.bytes.count > open.valueStart else {
            headers.truncateBytes(to: start)
            return
        }
        headers.endField(open)
    }

    private static func separate(_ headers: inout HeaderList, _ valueStart: Int) {
        if headers.bytes.count > valueStart { headers.appendBytes("; ") }
    }

    /// Writes what is left of the client's cookies; returns whether that differs from them.
    private func writeEdited(_ headers: inout HeaderList, valueStart: Int) -> Bool {
        let present = self.presentRenames(headers)
        var isChanged = false
        for index in headers.fields.indices {
            let field = headers.fields[index]
            guard field.known == .cookie, !field.isRemoved else { continue }
            var pairs = CookiePairs(field.value)
            while let pair = pairs.next(in: headers.bytes.span) {
                let rename = self.rename(of: pair, headers)
                guard !self.isDropped(pair, rename, present, headers) else {
                    isChanged = true
                    continue
                }
                Self.separate(&headers, valueStart)
                if let rename {
                    isChanged = true
                    headers.appendBytes(self.renames[rename].to)
                    headers.appendBytes(copying: pair.rest)
                } else {
                    headers.appendBytes(copying: pair.whole)
                }
            }
        }
        return isChanged
    }

    private func presentRenames(_ headers: borrowing HeaderList) -> UInt64 {
        guard !self.renames.isEmpty else { return 0 }
        var present: UInt64 = 0
        for field in headers.fields where field.known == .cookie && !field.isRemoved {
            var pairs = CookiePairs(field.value)
            while let pair = pairs.next(in: headers.bytes.span) {
                if let index = self.rename(of: pair, headers) { present |= 1 << UInt64(index) }
            }
        }
        return present
    }

    /// The rename that a pair is the source of, unless it is removed before.
    private func rename(of pair: CookiePair, _ headers: borrowing HeaderList) -> Int? {
        for index in self.renames.indices
        where headers.span(pair.name).isEqual(to: self.renames[index].from) {
            return self.isRemoved(pair, headers) ? nil : index
        }
        return nil
    }

    private func isRemoved(_ pair: CookiePair, _ headers: borrowing HeaderList) -> Bool {
        for index in self.removes.indices
        where headers.span(pair.name).isEqual(to: self.removes[index]) {
            return true
        }
        return false
    }

    /// Whether it is removed, makes way for a renamed one, or is set anew.
    private func isDropped(
        _ pair: CookiePair, _ rename: Int?, _ present: UInt64, _ headers: borrowing HeaderList
    ) -> Bool {
        if rename == nil {
            if self.isRemoved(pair, headers) { return true }
            for index in self.renames.indices
            where present & (1 << UInt64(index)) != 0
                && headers.span(pair.name).isEqual(to: self.renames[index].toName)
            {
                return true
            }
        }
        for index in self.sets.indices {
            let isSet =
                if let rename {
                    self.sets[index].name == self.renames[rename].toName
                } else {
                    headers.span(pair.name).isEqual(to: self.sets[index].name)
                }
            if isSet { return true }
        }
        return false
    }
}
