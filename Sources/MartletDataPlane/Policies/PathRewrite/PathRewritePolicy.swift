package import MartletConfig
package import MartletHTTP

/// What the upstream sees in place of the client's path (row B6).
///
/// The composed path is brought to the same normal form as a client's before it is put on the head,
/// so that nothing joined from captures and literals can mean more than it shows. Immutable.
package struct PathRewritePolicy: Sendable {
    private enum Rule: Sendable {
        case path(ValueTemplate)
        case prefix(ValueTemplate)
        /// Strips whole segments (empty strips nothing), then puts text in front.
        case affix(strip: [UInt8], add: ValueTemplate)
    }

    private let rule: Rule
    private let literalTraits: PathTraits

    /// `captureNames` are what the path pattern captures, in its order.
    package init(_ config: RewriteConfig, captureNames: [String]) throws(InvalidPolicy) {
        if let path = config.path {
            self.rule = .path(try Self.template(path, captureNames))
        } else if let prefix = config.prefix {
            self.rule = .prefix(try Self.template(prefix.isEmpty ? "/" : prefix, captureNames))
        } else {
            let strip = try config.stripPrefix.map { text throws(InvalidPolicy) in
                try Self.strippable(text)
            }
            self.rule = .affix(
                strip: strip ?? [], add: try Self.template(config.addPrefix ?? "/", captureNames))
        }
        self.literalTraits = try Self.literalTraits(self.rule)
    }

    /// Puts the new path on the head; `*`, the target of OPTIONS for the whole server, stays.
    ///
    /// - `prefixEnd`: how many bytes of the path the route's prefix consumed: 3 for `/v1`.
    /// - Returns: why the request is answered 400, or `nil`.
    package func apply(
        to head: RequestHead, captures: PathCaptures, prefixEnd: Int
    ) -> RequestTargetError? {
        let old = head.path
        guard !old.isEmpty, head.headers.bytes[Int(old.start)] == UInt8(ascii: "/") else {
            return nil
        }
        let start = head.headers.bytes.count
        switch self.rule {
        case .path(let template):
            template.write(to: &head.headers, captures: captures, head: nil)
        case .prefix(let template):
            template.write(to: &head.headers, captures: captures, head: nil)
            head.headers.appendPath(remaining: old, after: prefixEnd)
        case .affix(let strip, let add):
            add.write(to: &head.headers, captures: captures, head: nil)
            let count = Self.strippedCount(strip, old, head.headers)
            head.headers.appendPath(remaining: old, after: count)
        }
        let path = ByteRange(start: start, end: head.headers.bytes.count)
        return RequestTarget.replacePath(path, allowing: self.literalTraits, head: head)
    }

    /// How many bytes of the path are the prefix: all of it or nothing, at a segment's end.
    private static func strippedCount(
        _ prefix: [UInt8], _ path: ByteRange, _ headers: borrowing HeaderList
    ) -> Int {
        guard prefix.count <= path.count else { return 0 }
        let path = headers.span(path)
        guard path.extracting(0..<prefix.count).isEqual(to: prefix.span),
            path.count == prefix.count || path[prefix.count] == UInt8(ascii: "/")
        else { return 0 }
        return prefix.count
    }
}

extension PathRewritePolicy {
    /// Checks that the path is one whatever the captures are: with all of them empty, no segment
    /// consists of dots.
    static func template(
        _ text: String, _ captureNames: [String]
    ) throws(InvalidPolicy) -> ValueTemplate {
        guard text.hasPrefix("/") else {
            throw InvalidPolicy("the path `\(text)` must begin with `/`")
        }
        let template = try ValueTemplate.compile(text, captureNames: captureNames, encoding: .path)
        let segments = template.literalBytes.split(separator: UInt8(ascii: "/"))
        guard !segments.contains(where: { $0 == [0x2e] || $0 == [0x2e, 0x2e] }) else {
            throw InvalidPolicy("the path `\(text)` has a dot segment")
        }
        return template
    }

    private static func strippable(_ text: String) throws(InvalidPolicy) -> [UInt8] {
        guard text.hasPrefix("/") else {
            throw InvalidPolicy("the prefix `\(text)` must begin with `/`")
        }
        guard case let pieces = try ValueTemplatePiece.split(text), pieces.count == 1,
            case .literal(let literal) = pieces[0]
        else { throw InvalidPolicy("the prefix `\(text)` to strip cannot hold captures") }
        var bytes = try ValueEncoding.path.literal(literal)
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return bytes
    }

    /// Which odd spellings the configuration itself wrote, and may therefore come out.
    private static func literalTraits(_ rule: Rule) throws(InvalidPolicy) -> PathTraits {
        let template =
            switch rule {
            case .path(let template), .prefix(let template): template
            case .affix(_, let add): add
            }
        let head = RequestHead()
        let path = head.headers.appendBytes(template.literalBytes)
        let all: PathTraits = [
            .encodedSlash, .encodedBackslash, .encodedControls, .doubleEncoding, .invalidUTF8,
        ]
        guard RequestTarget.replacePath(path, allowing: all, head: head) == nil else {
            throw InvalidPolicy("`\(template.literalBytes.span.text)` is not a path")
        }
        return head.pathTraits
    }
}

extension HeaderList {
    /// Puts what follows the first `count` bytes of a path behind the new beginning of it.
    ///
    /// `/` between the two is written when something follows; `//` is merged later.
    fileprivate mutating func appendPath(remaining path: ByteRange, after count: Int) {
        let start = min(Int(path.start) + max(count, 0), path.end)
        guard start < path.end else { return }
        if self.bytes[start] != UInt8(ascii: "/") { self.appendByte(UInt8(ascii: "/")) }
        self.appendBytes(copying: ByteRange(start: start, end: path.end))
    }
}
