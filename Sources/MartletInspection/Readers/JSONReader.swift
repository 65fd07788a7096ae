/// Walks over JSON (RFC 8259) and tells where its strings are: strict, no tree, bounded depth.
///
/// Every byte is looked at once. Anything that readers could take differently is a failure.
struct JSONReader {
    enum Event {
        /// Ranges are between the quotes.
        case name(Range<Int>, hasEscapes: Bool)
        case text(Range<Int>, hasEscapes: Bool)
        case end
        case failed(at: Int)
    }

    private enum Expectation {
        case value
        /// A value or `]`.
        case firstElement
        /// A name or `}`.
        case firstName
        case name
        /// `,` or the end of what is open.
        case separator
        case nothing
    }

    private var index = 0
    private var depth = 0
    /// A bit for each level: set for objects.
    private var objects: UInt64 = 0
    private var expectation = Expectation.value
    private let depthMax: Int

    init(depthMax: Int) { self.depthMax = min(depthMax, 64) }

    mutating func next(_ text: Span<UInt8>) -> Event {
        while true {
            while let byte = self.blank(text), byte { self.index += 1 }
            guard self.index < text.count else {
                return self.expectation == .nothing ? .end : .failed(at: self.index)
            }
            let byte = text[self.index]
            switch self.expectation {
            case .value, .firstElement:
                if byte == UInt8(ascii: "]"), self.expectation == .firstElement {
                    self.close()
                } else if byte == UInt8(ascii: "\"") {
                    return self.string(text, isName: false)
                } else if !self.value(text, byte) {
                    return .failed(at: self.index)
                }
            case .name, .firstName:
                if byte == UInt8(ascii: "}"), self.expectation == .firstName {
                    self.close()
                } else if byte == UInt8(ascii: "\"") {
                    return self.string(text, isName: true)
                } else {
                    return .failed(at: self.index)
                }
            case .separator:
                guard self.separator(byte) else { return .failed(at: self.index) }
            case .nothing: return .failed(at: self.index)
            }
        }
    }

    private func blank(_ text: Span<UInt8>) -> Bool? {
        guard self.index < text.count else { return nil }
        let byte = text[self.index]
        return byte == 0x20 || byte == 9 || byte == 10 || byte == 13
    }

    private var isObject: Bool { self.objects & 1 != 0 }

    private mutating func close() {
        self.index += 1
        self.depth -= 1
        self.objects &>>= 1
        self.expectation = self.depth == 0 ? .nothing : .separator
    }

    private mutating func separator(_ byte: UInt8) -> Bool {
        if byte == UInt8(ascii: ",") {
            self.index += 1
            self.expectation = self.isObject ? .name : .value
            return true
        }
        guard byte == (self.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
        self.close()
        return true
    }

    /// Anything but a string.
    private mutating func value(_ text: Span<UInt8>, _ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard self.depth < self.depthMax else { return false }
            let isObject = byte == UInt8(ascii: "{")
            self.depth += 1
            self.objects = self.objects &<< 1 | (isObject ? 1 : 0)
            self.expectation = isObject ? .firstName : .firstElement
            self.index += 1
            return true
        case UInt8(ascii: "t"): return self.literal(text, "true")
        case UInt8(ascii: "f"): return self.literal(text, "false")
        case UInt8(ascii: "n"): return self.literal(text, "null")
        default: return self.number(text)
        }
    }

    private mutating func endValue() {
        self.expectation = self.depth == 0 ? .nothing : .separator
    }

    private mutating func literal(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
        guard text.holds(word, at: self.index) else { return false }
        self.index += word.utf8CodeUnitCount
        self.endValue()
        return true
    }

    private mutating func number(_ text: Span<UInt8>) -> Bool {
        if text[self.index] == UInt8(ascii: "-") { self.index += 1 }
        let first = self.index
        guard self.digits(text) else { return false }
        if text.at(first) == UInt8(ascii: "0"), self.index > first + 1 { return false }
        if text.at(self.index) == UInt8(ascii: ".") {
            self.index += 1
            guard self.digits(text) else { return false }
        }
        if text.at(self.index) | 0x20 == UInt8(ascii: "e") {
            self.index += 1
            if text.at(self.index) == UInt8(ascii: "+") || text.at(self.index) == UInt8(ascii: "-")
            {
                self.index += 1
            }
            guard self.digits(text) else { return false }
        }
        self.endValue()
        return true
    }

    private mutating func digits(_ text: Span<UInt8>) -> Bool {
        let start = self.index
        while TextByte.isDigit(text.at(self.index)) { self.index += 1 }
        return self.index > start
    }

    private mutating func string(_ text: Span<UInt8>, isName: Bool) -> Event {
        let start = self.index + 1
        var end = start
        var hasEscapes = false
        while end < text.count, text[end] != UInt8(ascii: "\"") {
            guard text[end] >= 0x20 else { return .failed(at: end) }
            if text[end] == UInt8(ascii: "\\") {
                guard let count = Self.escapeCount(text, end) else { return .failed(at: end) }
                hasEscapes = true
                end += count
            } else {
                end += 1
            }
        }
        guard end < text.count else { return .failed(at: start) }
        self.index = end + 1
        guard isName else {
            self.endValue()
            return .text(start..<end, hasEscapes: hasEscapes)
        }
        while let byte = self.blank(text), byte { self.index += 1 }
        guard text.at(self.index) == UInt8(ascii: ":") else { return .failed(at: self.index) }
        self.index += 1
        self.expectation = .value
        return .name(start..<end, hasEscapes: hasEscapes)
    }

    private static func escapeCount(_ text: Span<UInt8>, _ index: Int) -> Int? {
        switch text.at(index + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"):
            for offset in 2..<6 where TextByte.hexValue(text.at(index + offset)) == nil {
                return nil
            }
            return 6
        default: return nil
        }
    }

    /// Undoes the escapes of a string that was read.
    static func unescape(_ text: Span<UInt8>, _ range: Range<Int>, into out: inout [UInt8]) {
        out.removeAll(keepingCapacity: true)
        var index = range.lowerBound
        while index < range.upperBound {
            guard text[index] == UInt8(ascii: "\\") else {
                out.append(text[index])
                index += 1
                continue
            }
            index += 2
            switch text.at(index - 1) {
            case UInt8(ascii: "b"): out.append(8)
            case UInt8(ascii: "f"): out.append(12)
            case UInt8(ascii: "n"): out.append(10)
            case UInt8(ascii: "r"): out.append(13)
            case UInt8(ascii: "t"): out.append(9)
            case UInt8(ascii: "u"):
                var scalar: UInt32 = 0
                for offset in 0..<4 {
                    scalar = scalar &<< 4 | UInt32(TextByte.hexValue(text.at(index + offset)) ?? 0)
                }
                index += 4
                Self.append(scalar, &out)
            default: out.append(text.at(index - 1))
            }
        }
    }

    /// One UTF-16 unit; what is above ASCII only has to be some letter.
    private static func append(_ scalar: UInt32, _ out: inout [UInt8]) {
        if scalar < 0x80 {
            out.append(UInt8(scalar))
        } else if scalar < 0x800 {
            out.append(UInt8(0xc0 | scalar &>> 6))
            out.append(UInt8(0x80 | scalar & 0x3f))
        } else {
            out.append(UInt8(0xe0 | scalar &>> 12))
            out.append(UInt8(0x80 | scalar &>> 6 & 0x3f))
            out.append(UInt8(0x80 | scalar & 0x3f))
        }
    }
}
