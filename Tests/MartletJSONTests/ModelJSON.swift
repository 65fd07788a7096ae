import MartletJSON

/// A JSON value as plain as can be, with a reader that shares nothing with the one under test: it
/// recurses, looks at one byte at a time and makes a text for everything.
indirect enum ModelJSON: Equatable {
    case null
    case boolean(Bool)
    case number(String)
    case string([UInt32])
    case array([ModelJSON])
    case object([(key: [UInt32], value: ModelJSON)])

    static func == (left: ModelJSON, right: ModelJSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }

    /// What a document holds, read through its interface.
    init(_ document: JSONDocument, _ node: Int = 0) {
        switch document.kind(node) {
        case .null: self = .null
        case .true: self = .boolean(true)
        case .false: self = .boolean(false)
        case .number: self = .number(String(bytes(document.text(node))))
        case .string: self = .string(scalars(document.string(node)))
        case .array:
            var values: [ModelJSON] = []
            var child = document.firstChild(of: node)
            while child < document.end(of: node) {
                values.append(ModelJSON(document, child))
                child = document.end(of: child)
            }
            self = .array(values)
        case .object:
            var members: [(key: [UInt32], value: ModelJSON)] = []
            var key = document.firstChild(of: node)
            while key < document.end(of: node) {
                members.append(
                    (scalars(document.string(key)), ModelJSON(document, key + 1)))
                key = document.end(of: key + 1)
            }
            self = .object(members)
        }
    }

    /// The value of a text, or `nil` if it is none.
    static func read(_ text: some Sequence<UInt8>) -> ModelJSON? {
        let whole = Array(text)
        guard let scalars = ModelJSON.decode(whole) else { return nil }
        var reader = Reader(rest: scalars[...])
        guard let value = reader.value(), reader.skipSpace() == nil else { return nil }
        return value
    }

    /// The scalars of UTF-8, by the definition: the only encoding that encodes back to the same.
    private static func decode(_ bytes: [UInt8]) -> [UInt32]? {
        let text = String(decoding: bytes, as: UTF8.self)
        return Array(text.utf8) == bytes ? text.unicodeScalars.map(\.value) : nil
    }

    private struct Reader {
        var rest: ArraySlice<UInt32>
        var depth = 0

        mutating func skipSpace() -> UInt32? {
            while let first = self.rest.first, [32, 9, 10, 13].contains(first) {
                self.rest.removeFirst()
            }
            return self.rest.first
        }

        mutating func take(_ text: String) -> Bool {
            let scalars = text.unicodeScalars.map(\.value)
            guard self.rest.starts(with: scalars) else { return false }
            self.rest.removeFirst(scalars.count)
            return true
        }

        mutating func value() -> ModelJSON? {
            self.depth += 1
            defer { self.depth -= 1 }
            guard self.depth < 600 else { return nil }
            guard let first = self.skipSpace(), let letter = Unicode.Scalar(first) else {
                return nil
            }
            switch letter {
            case "n": return self.take("null") ? .null : nil
            case "t": return self.take("true") ? .boolean(true) : nil
            case "f": return self.take("false") ? .boolean(false) : nil
            case "\"": return self.string().map { .string($0) }
            case "[": return self.array()
            case "{": return self.object()
            default: return self.number()
            }
        }

        mutating func array() -> ModelJSON? {
            guard self.take("[") else { return nil }
            var values: [ModelJSON] = []
            if self.skipSpace() == 0x5d { return self.take("]") ? .array([]) : nil }
            while true {
                guard let value = self.value() else { return nil }
                values.append(value)
                guard self.skipSpace() == 0x2c else {
                    return self.take("]") ? .array(values) : nil
                }
                self.rest.removeFirst()
            }
        }

        mutating func object() -> ModelJSON? {
            guard self.take("{") else { return nil }
            var members: [(key: [UInt32], value: ModelJSON)] = []
            if self.skipSpace() == 0x7d { return self.take("}") ? .object([]) : nil }
            while true {
                _ = self.skipSpace()
                guard let key = self.string(), self.skipSpace() == 0x3a, self.take(":"),
                    let value = self.value()
                else { return nil }
                members.append((key, value))
                guard self.skipSpace() == 0x2c else {
                    return self.take("}") ? .object(members) : nil
                }
                self.rest.removeFirst()
            }
        }

        mutating func number() -> ModelJSON? {
            func isDigit(_ scalar: UInt32?) -> Bool { scalar.map { 48...57 ~= $0 } ?? false }
            let start = self.rest
            _ = self.take("-")
            guard isDigit(self.rest.first) else { return nil }
            if !self.take("0") { while isDigit(self.rest.first) { self.rest.removeFirst() } }
            if self.take(".") {
                guard isDigit(self.rest.first) else { return nil }
                while isDigit(self.rest.first) { self.rest.removeFirst() }
            }
            if self.take("e") || self.take("E") {
                _ = self.take("+") || self.take("-")
                guard isDigit(self.rest.first) else { return nil }
                while isDigit(self.rest.first) { self.rest.removeFirst() }
            }
            let text = start[..<self.rest.startIndex].compactMap(Unicode.Scalar.init)
            return .number(String(String.UnicodeScalarView(text)))
        }

        mutating func string() -> [UInt32]? {
            guard self.take("\"") else { return nil }
            var units: [UInt32] = []
            while let first = self.rest.popFirst() {
                if first == 0x22 { return self.joined(units) }
                guard first >= 32 else { return nil }
                guard first == 0x5c else {
                    units.append(first)
                    continue
                }
                guard let letter = self.rest.popFirst().flatMap(Unicode.Scalar.init) else {
                    return nil
                }
                let plain: [Unicode.Scalar: UInt32] = [
                    "\"": 34, "\\": 92, "/": 47, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
                ]
                if let unit = plain[letter] {
                    units.append(unit)
                } else if letter == "u", self.rest.count >= 4 {
                    let digits = self.rest.prefix(4).compactMap(Unicode.Scalar.init)
                    guard digits.allSatisfy({ $0.properties.isASCIIHexDigit }),
                        let unit = UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
                    else { return nil }
                    self.rest.removeFirst(4)
                    units.append(unit)
                } else {
                    return nil
                }
            }
            return nil
        }

        /// Surrogates made into scalars; `nil` where one stands alone.
        private func joined(_ units: [UInt32]) -> [UInt32]? {
            var scalars: [UInt32] = []
            var high: UInt32?
            for unit in units {
                let isLow = 0xdc00...0xdfff ~= unit
                guard isLow == (high != nil) else { return nil }
                if let first = high {
                    scalars.append(0x10000 + (first - 0xd800) * 0x400 + (unit - 0xdc00))
                    high = nil
                } else if 0xd800...0xdbff ~= unit {
                    high = unit
                } else {
                    scalars.append(unit)
                }
            }
            return high == nil ? scalars : nil
        }
    }
}

/// Borrowed bytes as an array.
func bytes(_ span: Span<UInt8>) -> [UInt8] {
    span.indices.map { span[$0] }
}

func scalars(_ span: Span<UInt8>) -> [UInt32] {
    String(bytes(span)).unicodeScalars.map(\.value)
}

extension String {
    init(_ bytes: some Sequence<UInt8>) {
        self.init(decoding: Array(bytes), as: UTF8.self)
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[self.below(elements.count)]
    }
}

/// Random JSON texts, in every spelling there is.
struct RandomJSON {
    var random: SeededGenerator
    var keys = ["a", "b", "key", "", "\\u0061", "ä", "\\ud83d\\ude00", "longer than eight bytes"]

    init(seed: UInt64) { self.random = SeededGenerator(seed: seed) }

    mutating func space() -> String {
        self.random.below(4) > 0 ? "" : self.random.pick([" ", "\n", "\t ", "\r\n"])
    }

    mutating func number() -> String {
        let digits = [
            "0", "1", "-1", "10", "-0", "120", "9007199254740993", "18446744073709551616",
        ]
        let fraction =
            self.random.below(3) > 0 ? "" : self.random.pick([".0", ".5", ".10", ".001"])
        let exponent = self.random.below(3) > 0 ? "" : self.random.pick(["e0", "E2", "e-3", "e+1"])
        return self.random.pick(digits) + fraction + exponent
    }

    mutating func string() -> String {
        let parts = [
            "", "a", "plain", "\\n", "\\\"", "\\\\", "\\/", "\\u00e4", "ä", "€", "😀",
            "\\uD83D\\uDE00", "\u{7f}", "eight by",
        ]
        return "\"" + (0..<self.random.below(4)).map { _ in self.random.pick(parts) }.joined()
            + "\""
    }

    mutating func value(depth: Int = 4) -> String {
        let kind = self.random.below(depth > 0 ? 9 : 6)
        let text: String
        switch kind {
        case 0: text = self.random.pick(["null", "true", "false"])
        case 1, 2: text = self.number()
        case 3, 4, 5: text = self.string()
        case 6:
            text =
                "["
                + (0..<self.random.below(5)).map { _ in self.value(depth: depth - 1) }
                .joined(separator: ",") + self.space() + "]"
        default:
            var unused = self.keys
            unused.shuffle(using: &self.random)
            let members = unused.prefix(self.random.below(5)).map { key in
                "\(self.space())\"\(key)\"\(self.space()):\(self.value(depth: depth - 1))"
            }
            text = "{" + members.joined(separator: ",") + self.space() + "}"
        }
        return self.space() + text + self.space()
    }
}
