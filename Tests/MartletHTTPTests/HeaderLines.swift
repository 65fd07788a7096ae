import MartletHTTP

/// Header lists as the lines that a reader would write, for tests.
enum HeaderLines {
    /// Makes a list from lines `name: value`.
    static func list(_ lines: [String]) -> HeaderList {
        var headers = HeaderList()
        for line in lines {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == " " }
            headers.add(
                name: Array(line[..<colon].utf8).span, value: Array(value.utf8).span)
        }
        return headers
    }

    /// The lines that are not removed, in order; each is checked to be verbatim in the store.
    static func text(_ headers: borrowing HeaderList) -> [String] {
        headers.fields.filter { !$0.isRemoved }.map { field in
            let line = headers.text(
                ByteRange(start: Int(field.name.start), end: field.value.end + 2))
            let expected = "\(headers.text(field.name)): \(headers.text(field.value))"
            return line == expected + "\r\n" ? expected : "not verbatim: \(line)"
        }
    }
}

extension ClientAddress {
    /// `init(parsing:)` on a text: a span may not stand inside a test macro.
    static func read(_ text: String) -> ClientAddress? {
        ClientAddress(parsing: Array(text.utf8).span)
    }

    static func readNode(_ text: String) -> ClientAddress? {
        ClientAddress(parsingNode: Array(text.utf8).span)
    }
}

extension TraceContext {
    static func read(_ text: String) -> TraceContext? {
        TraceContext(parsing: Array(text.utf8).span)
    }
}
