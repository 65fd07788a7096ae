import MartletConfig
import MartletDataPlane
import MartletHTTP

/// A request head as a codec and the router leave it, for tests of policies.
enum EditedRequest {
    /// Looks each of `captures` up in the path; an empty one lies at its end.
    static func make(
        path: String = "/", query: String? = nil, authority: String = "api.example.com",
        headers lines: [String] = [], captures: [String] = []
    ) -> (head: RequestHead, captures: PathCaptures) {
        let head = RequestHead()
        let bytes = Array(path.utf8)
        head.path = head.headers.appendBytes(bytes)
        if let query {
            head.query = head.headers.appendBytes(Array(query.utf8))
            head.hasQuery = true
        }
        head.authority = head.headers.appendBytes(Array(authority.utf8))
        head.host = head.authority
        if let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")), !authority.hasSuffix("]") {
            head.host.count = UInt32(authority.utf8.distance(from: authority.startIndex, to: colon))
        }
        for line in lines {
            let (name, value) = split(line)
            head.headers.add(name: name.span, value: value.span)
        }
        var found = PathCaptures()
        for capture in captures {
            let wanted = Array(capture.utf8)
            let start =
                wanted.isEmpty
                ? bytes.count
                : bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? bytes.count
            let end = min(start + wanted.count, bytes.count)
            found.append(
                ByteRange(start: Int(head.path.start) + start, end: Int(head.path.start) + end))
        }
        return (head, found)
    }

    static func list(_ lines: [String]) -> HeaderList {
        var headers = HeaderList()
        for line in lines {
            let (name, value) = split(line)
            headers.add(name: name.span, value: value.span)
        }
        return headers
    }

    /// The lines that are not removed, each checked to be verbatim in the store.
    static func lines(_ headers: borrowing HeaderList) -> [String] {
        headers.fields.filter { !$0.isRemoved }.map { field in
            let line = headers.text(
                ByteRange(start: Int(field.name.start), end: field.value.end + 2))
            let expected = "\(headers.text(field.name)): \(headers.text(field.value))"
            return line == expected + "\r\n" ? expected : "not verbatim: \(line)"
        }
    }

    static func pairs(_ pairs: KeyValuePairs<String, String>) -> [HeaderValueConfig] {
        pairs.map { HeaderValueConfig(name: $0.key, value: $0.value) }
    }

    private static func split(_ line: String) -> (name: [UInt8], value: [UInt8]) {
        let colon = line.firstIndex(of: ":") ?? line.endIndex
        let value = line[colon...].dropFirst().drop { $0 == " " }
        return (Array(line[..<colon].utf8), Array(value.utf8))
    }
}
