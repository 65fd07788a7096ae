import MartletInspection

/// A seeded source of ordinary API requests: what a filter must let pass.
///
/// Of every hundred requests, about 22 list and filter, 14 search, 12 fetch single things and
/// files, 24 send JSON (orders, users, products, comments, webhooks, GraphQL), 8 send forms, 6
/// multipart uploads, 4 XML, 5 follow conventions of OData, JSON:API and OAuth, 5 come from
/// developers and editors: command lines, queries of monitors, errors, logs, HTML, pieces of code.
/// All have headers of real clients, half cookies, a third a JWT. Texts are English with the words
/// of SQL and shells, ten other languages, Markdown with inline code, names with apostrophes,
/// mathematics. There is no HTML that loads or runs something, no whole script, and no address of a
/// machine.
struct OrdinaryTraffic {
    struct Request {
        var path: [UInt8]
        var query: [UInt8]
        var headers: [(name: [UInt8], value: [UInt8])]
        var body: [UInt8]
        var contentType: [UInt8]

        var text: String {
            let parts = [self.path, self.query, self.body] + self.headers.map(\.value)
            return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n  ")
        }

        func inspect(with inspector: inout RequestInspector) {
            inspector.reset()
            inspector.inspectPath(self.path.span)
            inspector.inspectQuery(self.query.span)
            for header in self.headers {
                inspector.inspectHeader(name: header.name.span, value: header.value.span)
            }
            inspector.inspectBody(self.body.span, contentType: self.contentType.span)
        }
    }

    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    // MARK: Chance

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var value = self.state
        value = (value ^ (value &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value &>> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value &>> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(self.next() % UInt64(bound)) }
    mutating func pick(_ list: [String]) -> String { list[self.below(list.count)] }
    mutating func chance(_ percent: Int) -> Bool { self.below(100) < percent }

    mutating func characters(_ count: Int, of alphabet: String) -> String {
        let letters = Array(alphabet)
        return String((0..<count).map { _ in letters[self.below(letters.count)] })
    }

    // MARK: Values

    mutating func hex(_ count: Int) -> String { self.characters(count, of: "0123456789abcdef") }
    mutating func base64(_ count: Int) -> String {
        self.characters(
            count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    }
    mutating func token(_ count: Int) -> String {
        self.characters(
            count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    }
    mutating func uuid() -> String {
        [8, 4, 4, 4, 12].map { self.hex($0) }.joined(separator: "-")
    }
    mutating func number(_ bound: Int) -> String { String(self.below(bound)) }
    mutating func jwt() -> String {
        "eyJhbGciOiJSUzI1NiJ9.eyJ" + self.token(120) + "." + self.token(86)
    }
    mutating func date() -> String {
        let day = "20\(20 + self.below(8))-0\(1 + self.below(9))-\(10 + self.below(19))"
        switch self.below(4) {
        case 0: return day
        case 1: return day + "T1\(self.below(10)):30:00Z"
        case 2: return day + "T08:15:00.123+02:00"
        default: return day + " 12:00:00"
        }
    }
    mutating func name() -> String {
        self.pick(OrdinaryText.firstNames) + " " + self.pick(OrdinaryText.lastNames)
    }
    mutating func email() -> String {
        self.pick(["jim.o'hara", "a+b", "first.last", "user_1", "select.union", "müller"])
            + "@" + self.pick(["example.com", "mail.example.co.uk", "drop-table.dev", "or.at"])
    }
    mutating func url() -> String {
        "https://" + self.pick(["www.example.com", "cdn.example.net", "api.example.org:8443"])
            + "/"
            + self.pick(["a/b", "p/1?x=1&y=2", "img/a.png", "select/from?id=5#top", "~user/x"])
    }
    mutating func phone() -> String {
        self.pick(["+49 (0)30 1234-567", "555-010-9999", "+1 (555) 010 9999", "030/123456"])
    }
    mutating func sentence() -> String {
        switch self.below(10) {
        case 0..<6: self.pick(OrdinaryText.sentences)
        case 6..<8: self.pick(OrdinaryText.foreign)
        default: self.pick(OrdinaryText.markdown)
        }
    }
    mutating func prose() -> String {
        (0...self.below(4)).map { _ in self.sentence() }.joined(separator: " ")
    }
    mutating func search() -> String {
        switch self.below(5) {
        case 0: self.name()
        case 1: self.pick(OrdinaryText.products)
        case 2: self.pick(OrdinaryText.searches) + " " + self.pick(OrdinaryText.searches)
        default: self.pick(OrdinaryText.searches)
        }
    }

    // MARK: Encodings

    static func percent(_ text: String, keeping: String = "-._~", plus: Bool = false) -> String {
        var out = ""
        for byte in text.utf8 {
            let character = Character(UnicodeScalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || keeping.contains(character)
            {
                out.append(character)
            } else if plus, byte == 0x20 {
                out.append("+")
            } else {
                let digits = Array("0123456789ABCDEF")
                out += "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
            }
        }
        return out
    }

    mutating func encoded(_ text: String) -> String {
        switch self.below(3) {
        case 0: Self.percent(text)
        case 1: Self.percent(text, plus: true)
        // What browsers leave as it is.
        default: Self.percent(text, keeping: "-._~!'()*:@/?,;$")
        }
    }

    mutating func pairs(_ pairs: [(String, String)]) -> String {
        pairs.map { "\($0.0)=\(self.encoded($0.1))" }.joined(separator: "&")
    }

    static func json(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    static func json(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(Self.json($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }
}
