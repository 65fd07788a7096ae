/// Takes a multipart body apart (RFC 2046 §5.1, RFC 7578): part by part, no copies.
///
/// It reads what any reader reads, and notes where readers differ: line ends that are mixed,
/// repeated fields, text outside of the parts, no last boundary.
struct MultipartReader {
    struct Part {
        var name: Range<Int>?
        var fileName: Range<Int>?
        /// `filename*`, which by itself makes no file of a field (RFC 7578 §4.2).
        var extendedFileName: Range<Int>?
        var contentType: Range<Int>?
        var content: Range<Int>
        /// Its fields are no plain `Content-Disposition` and the like.
        var isAmbiguous = false
    }

    enum Event {
        case part(Part)
        case end
    }

    private let boundary: Range<Int>
    private var index = 0
    private var isFirst = true
    /// The last boundary was read.
    private var hasLast = false
    private(set) var isAmbiguous = false
    private var partCount = 0

    /// - `boundary`: where it is in the content type.
    init(boundary: Range<Int>) { self.boundary = boundary }

    mutating func next(_ body: Span<UInt8>, contentType: Span<UInt8>) -> Event {
        if self.isFirst {
            self.isFirst = false
            guard let first = self.delimiter(body, contentType, from: 0) else {
                self.isAmbiguous = true
                return .end
            }
            if body.skippingBlanks(from: 0) < first.start { self.isAmbiguous = true }
            self.index = first.end
            if first.isLast { return self.finish(body) }
        }
        guard self.index < body.count else {
            if !self.hasLast { self.isAmbiguous = true }
            return .end
        }
        let start = self.index
        guard let next = self.delimiter(body, contentType, from: start) else {
            self.isAmbiguous = true
            self.index = body.count
            return .part(self.part(body, start..<body.count))
        }
        self.index = next.end
        let part = self.part(body, start..<next.start)
        if next.isLast { _ = self.finish(body) }
        return .part(part)
    }

    private mutating func finish(_ body: Span<UInt8>) -> Event {
        self.hasLast = true
        if body.skippingBlanks(from: self.index) < body.count { self.isAmbiguous = true }
        self.index = body.count
        return .end
    }

    private struct Delimiter {
        /// Where the content before it ends, its line end excluded.
        var start: Int
        var end: Int
        var isLast: Bool
    }

    /// The next line that is `--boundary` or `--boundary--`.
    private mutating func delimiter(
        _ body: Span<UInt8>, _ type: Span<UInt8>, from start: Int
    ) -> Delimiter? {
        var index = start
        while let found = body.index(of: "--", from: index) {
            index = found + 1
            guard found == start || body.at(found - 1) == 10 || body.at(found - 1) == 13,
                self.holdsBoundary(body, type, at: found + 2)
            else { continue }
            var end = found + 2 + self.boundary.count
            let isLast = body.holds("--", at: end)
            if isLast { end += 2 }
            let lineEnd = body.skippingSpaces(from: end)
            guard lineEnd == body.count || body.at(lineEnd) == 13 || body.at(lineEnd) == 10 else {
                // The boundary is the start of a longer line: some readers take it for one.
                self.isAmbiguous = true
                continue
            }
            return Delimiter(
                start: Self.lineStart(body, found, floor: start),
                end: Self.past(body, lineEnd), isLast: isLast)
        }
        return nil
    }

    private func holdsBoundary(_ body: Span<UInt8>, _ type: Span<UInt8>, at start: Int) -> Bool {
        guard start + self.boundary.count <= body.count else { return false }
        for offset in 0..<self.boundary.count
        where body[start + offset] != type.at(self.boundary.lowerBound + offset) {
            return false
        }
        return true
    }

    /// The line end before a delimiter belongs to it.
    private static func lineStart(_ body: Span<UInt8>, _ found: Int, floor: Int) -> Int {
        var start = found
        if start > floor, body.at(start - 1) == 10 { start -= 1 }
        if start > floor, body.at(start - 1) == 13 { start -= 1 }
        return start
    }

    private static func past(_ body: Span<UInt8>, _ lineEnd: Int) -> Int {
        if body.holds("\r\n", at: lineEnd) { return lineEnd + 2 }
        return min(lineEnd + 1, body.count)
    }

    // MARK: A part's fields

    private mutating func part(_ body: Span<UInt8>, _ range: Range<Int>) -> Part {
        var part = Part(content: range.upperBound..<range.upperBound)
        var index = range.lowerBound
        var hasDisposition = false
        var bareLines = 0
        var lines = 0
        while index < range.upperBound {
            var end = index
            while end < range.upperBound, body[end] != 10 { end += 1 }
            lines += 1
            var lineEnd = end
            if lineEnd > index, body[lineEnd - 1] == 13 { lineEnd -= 1 } else { bareLines += 1 }
            let next = min(end + 1, range.upperBound)
            if lineEnd == index {
                part.content = next..<range.upperBound
                break
            }
            self.field(body, index..<lineEnd, &part, &hasDisposition)
            index = next
        }
        if !hasDisposition || (bareLines > 0 && bareLines < lines) { part.isAmbiguous = true }
        if part.isAmbiguous { self.isAmbiguous = true }
        return part
    }

    private func field(
        _ body: Span<UInt8>, _ line: Range<Int>, _ part: inout Part, _ hasDisposition: inout Bool
    ) {
        guard
            let colon = body.index(
                of: UInt8(ascii: ":"), from: line.lowerBound,
                before: line.upperBound)
        else {
            part.isAmbiguous = true
            return
        }
        let name = body.extracting(line.lowerBound..<colon)
        let value = min(body.skippingBlanks(from: colon + 1), line.upperBound)..<line.upperBound
        if name.isEqualIgnoringCase(to: "content-disposition") {
            if hasDisposition { part.isAmbiguous = true }
            hasDisposition = true
            Self.disposition(body, value, &part)
        } else if name.isEqualIgnoringCase(to: "content-type") {
            if part.contentType != nil { part.isAmbiguous = true }
            part.contentType = value
        } else if name.isEqualIgnoringCase(to: "content-transfer-encoding") {
            // RFC 7578 §4.7 knows none; some readers undo it without a word.
            let end = body.skippingBlanksBackwards(from: value.upperBound - 1) + 1
            let encoding = body.extracting(value.lowerBound..<max(value.lowerBound, end))
            if encoding.isEqualIgnoringCase(to: "quoted-printable") { part.isAmbiguous = true }
        } else if !name.isEqualIgnoringCase(to: "content-length")
            && !name.isEqualIgnoringCase(to: "content-id")
        {
            part.isAmbiguous = true
        }
    }

    /// Finds `form-data; name="…"; filename="…"`.
    private static func disposition(
        _ body: Span<UInt8>, _ value: Range<Int>, _ part: inout Part
    ) {
        var index =
            body.index(
                of: UInt8(ascii: ";"), from: value.lowerBound,
                before: value.upperBound) ?? value.upperBound
        while index < value.upperBound {
            let start = min(body.skippingBlanks(from: index + 1), value.upperBound)
            guard start < value.upperBound else { return }
            guard
                let equals = body.index(
                    of: UInt8(ascii: "="), from: start,
                    before: value.upperBound)
            else {
                part.isAmbiguous = true
                return
            }
            let name = body.extracting(start..<equals)
            let range: Range<Int>
            if body.at(equals + 1) == UInt8(ascii: "\"") {
                let open = equals + 2
                let close = Self.closingQuote(body, open, value.upperBound)
                if close == nil { part.isAmbiguous = true }
                range = open..<(close ?? value.upperBound)
            } else {
                let end = body.index(of: UInt8(ascii: ";"), from: equals, before: value.upperBound)
                range = equals + 1..<(end ?? value.upperBound)
            }
            Self.parameter(name, range, &part)
            index =
                body.index(
                    of: UInt8(ascii: ";"), from: range.upperBound,
                    before: value.upperBound) ?? value.upperBound
        }
    }

    private static func closingQuote(_ body: Span<UInt8>, _ open: Int, _ end: Int) -> Int? {
        var index = open
        while index < end {
            if body[index] == UInt8(ascii: "\\") {
                index += 2
            } else if body[index] == UInt8(ascii: "\"") {
                return index
            } else {
                index += 1
            }
        }
        return nil
    }

    private static func parameter(_ name: Span<UInt8>, _ range: Range<Int>, _ part: inout Part) {
        if name.isEqualIgnoringCase(to: "name") {
            if part.name != nil { part.isAmbiguous = true }
            part.name = range
        } else if name.isEqualIgnoringCase(to: "filename") {
            // `filename` and `filename*` may both be there; twice the same may not.
            if part.fileName != nil { part.isAmbiguous = true }
            part.fileName = range
        } else if name.isEqualIgnoringCase(to: "filename*") {
            if part.extendedFileName != nil { part.isAmbiguous = true }
            part.extendedFileName = range
        } else {
            part.isAmbiguous = true
        }
    }
}
