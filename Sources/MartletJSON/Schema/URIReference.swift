/// A reference as RFC 3986 §5 takes it apart, by which schemas name each other.
///
/// Made while schemas are compiled, never for a request.
package struct URIReference: Sendable, Equatable {
    package var scheme: String?
    package var authority: String?
    package var path: String
    package var query: String?
    package var fragment: String?

    /// Takes any text apart (RFC 3986 appendix B); none is refused.
    package init(_ text: String) {
        var rest = text.utf8[...]
        self.fragment = Self.cut(&rest, from: UInt8(ascii: "#"))
        self.query = Self.cut(&rest, from: UInt8(ascii: "?"))
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")), colon > rest.startIndex,
            !rest[..<colon].contains(UInt8(ascii: "/"))
        {
            self.scheme = String(decoding: rest[..<colon], as: UTF8.self).lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            self.authority = String(decoding: rest[..<end], as: UTF8.self).lowercased()
            rest = rest[end...]
        }
        self.path = String(decoding: rest, as: UTF8.self)
    }

    private static func cut(_ rest: inout Substring.UTF8View, from byte: UInt8) -> String? {
        guard let index = rest.firstIndex(of: byte) else { return nil }
        let part = String(decoding: rest[rest.index(after: index)...], as: UTF8.self)
        rest = rest[..<index]
        return part
    }

    /// What this means where `base` is the base (RFC 3986 §5.2.2).
    package func resolved(against base: URIReference) -> URIReference {
        var target = self
        if self.scheme != nil {
            target.path = Self.withoutDotSegments(self.path)
            return target
        }
        target.scheme = base.scheme
        if self.authority != nil {
            target.path = Self.withoutDotSegments(self.path)
            return target
        }
        target.authority = base.authority
        if self.path.isEmpty {
            target.path = base.path
            target.query = self.query ?? base.query
        } else if self.path.utf8.first == UInt8(ascii: "/") {
            target.path = Self.withoutDotSegments(self.path)
        } else {
            target.path = Self.withoutDotSegments(base.merged(with: self.path))
        }
        return target
    }

    /// RFC 3986 §5.2.3.
    private func merged(with path: String) -> String {
        if self.authority != nil, self.path.isEmpty { return "/" + path }
        guard let slash = self.path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(self.path[...slash]) + path
    }

    /// RFC 3986 §5.2.4; a path that is no hierarchy, such as that of a URN, stays as it is.
    private static func withoutDotSegments(_ path: String) -> String {
        guard path.utf8.contains(UInt8(ascii: "/")) || path == "." || path == ".." else {
            return path
        }
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        var segments: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() where index > 0 || !isAbsolute {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { segments.append("") }
            case "..":
                if !segments.isEmpty { segments.removeLast() }
                if isLast { segments.append("") }
            default: segments.append(part)
            }
        }
        return (isAbsolute ? "/" : "") + segments.joined(separator: "/")
    }

    /// Without its fragment: what names a resource.
    package var resource: URIReference {
        var resource = self
        resource.fragment = nil
        return resource
    }

    /// The fragment with its percent-encoded bytes decoded; `nil` if one is not well encoded.
    package var decodedFragment: String? {
        var bytes: [UInt8] = []
        var rest = (self.fragment ?? "").utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Self.digit),
                let low = rest.popFirst().flatMap(Self.digit)
            else { return nil }
            bytes.append(high &<< 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}

extension URIReference: CustomStringConvertible {
    /// The parts put together again (RFC 3986 §5.3).
    package var description: String {
        var text = ""
        if let scheme { text += scheme + ":" }
        if let authority { text += "//" + authority }
        text += self.path
        if let query { text += "?" + query }
        if let fragment { text += "#" + fragment }
        return text
    }
}
