/// Writes a path's normal form behind the head's other bytes (RFC 3986 §6.2.2, and stricter).
///
/// Percent-encoded unreserved bytes are decoded, other escapes get upper-case digits, dot segments
/// and empty segments go. Escapes whose decoded meaning upstreams disagree on stay encoded and are
/// noted in `traits`, of removed segments too. Time is linear, and no more is written than was
/// read.
struct PathNormaliser {
    private(set) var traits: PathTraits = []
    private(set) var path = ByteRange.empty
    /// Where the path begins in the store.
    private var pathStart = 0
    /// Where the segment begins that is being written, past its `/`.
    private var segmentStart = 0
    private var utf8 = UTF8Check()
    private var hasEncodedPercent = false

    /// `start` is the index of the path's first `/`; the bytes are those that `PathScan` passed.
    mutating func normalise(
        from start: Int, to end: Int, in headers: inout HeaderList
    ) -> RequestTargetError? {
        self.pathStart = headers.bytes.count
        headers.appendByte(UInt8(ascii: "/"))
        self.segmentStart = headers.bytes.count
        var index = start + 1
        while index < end {
            let byte = headers.bytes[index]
            if byte == UInt8(ascii: "/") {
                if let error = self.endSegment(isLast: false, in: &headers) { return error }
                index += 1
            } else if byte == UInt8(ascii: "%") {
                guard index + 2 < end, let high = ByteClass.hexValue(headers.bytes[index + 1]),
                    let low = ByteClass.hexValue(headers.bytes[index + 2])
                else { return .invalidPercentEncoding }
                self.append(high &<< 4 | low, in: &headers)
                index += 3
            } else {
                self.noteByte(byte)
                headers.appendByte(byte)
                index += 1
            }
        }
        if let error = self.endSegment(isLast: true, in: &headers) { return error }
        self.path = ByteRange(start: self.pathStart, end: headers.bytes.count)
        return nil
    }

    private mutating func noteByte(_ byte: UInt8) {
        if !self.utf8.next(byte) { self.traits.insert(.invalidUTF8) }
    }

    /// Writes a byte that was percent-encoded.
    private mutating func append(_ byte: UInt8, in headers: inout HeaderList) {
        self.noteByte(byte)
        if TargetByte.table[Int(byte)] & TargetByte.unreserved != 0 {
            headers.appendByte(byte)
            return
        }
        switch byte {
        case UInt8(ascii: "/"): self.traits.insert(.encodedSlash)
        case UInt8(ascii: "\\"): self.traits.insert(.encodedBackslash)
        case UInt8(ascii: "%"): self.hasEncodedPercent = true
        case 0...0x1f, 0x7f: self.traits.insert(.encodedControls)
        default: break
        }
        headers.appendByte(UInt8(ascii: "%"))
        headers.appendByte(Self.hexDigit(byte &>> 4))
        headers.appendByte(Self.hexDigit(byte & 15))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? value &+ UInt8(ascii: "0") : value &+ (UInt8(ascii: "A") &- 10)
    }

    // MARK: Segments

    private mutating func endSegment(
        isLast: Bool, in headers: inout HeaderList
    ) -> RequestTargetError? {
        if !self.utf8.end() { self.traits.insert(.invalidUTF8) }
        let range = ByteRange(start: self.segmentStart, end: headers.bytes.count)
        if self.hasEncodedPercent { self.findDoubleEncoding(headers.span(range)) }
        self.hasEncodedPercent = false
        switch SegmentForm(headers.span(range)) {
        case .ordinary:
            if !isLast { headers.appendByte(UInt8(ascii: "/")) }
        case .empty:
            break
        case .dot:
            headers.truncateBytes(to: self.segmentStart)
        case .dotDot:
            guard self.segmentStart > self.pathStart + 1 else { return .aboveRoot }
            self.removeLastSegment(in: &headers)
        case .dotWithParameters: return .dotSegmentWithParameters
        case .emptyWithParameters: return .emptySegmentWithParameters
        case .hiddenDot: return .dotSegmentBehindEncodedSlash
        }
        self.segmentStart = headers.bytes.count
        return nil
    }

    /// Takes back `..` and the segment before it: the path ends behind an earlier `/` again.
    private mutating func removeLastSegment(in headers: inout HeaderList) {
        var index = self.segmentStart - 1
        while index > self.pathStart, headers.bytes[index - 1] != UInt8(ascii: "/") { index -= 1 }
        headers.truncateBytes(to: index)
    }

    /// A `%25` with two hexadecimal digits behind it: a second decoding would make a byte of them.
    ///
    /// Looked for in what was written, so that digits which were encoded themselves count too.
    private mutating func findDoubleEncoding(_ segment: Span<UInt8>) {
        var index = 0
        while index + 4 < segment.count {
            if segment[index] == UInt8(ascii: "%"), segment[index + 1] == UInt8(ascii: "2"),
                segment[index + 2] == UInt8(ascii: "5"),
                ByteClass.hexValue(segment[index + 3]) != nil,
                ByteClass.hexValue(segment[index + 4]) != nil
            {
                self.traits.insert(.doubleEncoding)
                return
            }
            index += 1
        }
    }
}

/// What a decoded segment is, as far as the path's shape goes.
enum SegmentForm: BitwiseCopyable {
    case ordinary, empty, dot, dotDot
    /// `..;x`: a dot segment to those that strip parameters first.
    case dotWithParameters
    /// `;x`: an empty segment, or none, to those that strip parameters first.
    case emptyWithParameters
    /// `..%2Fx`: a dot segment to those that decode first.
    case hiddenDot

    init(_ segment: Span<UInt8>) {
        guard !segment.isEmpty else {
            self = .empty
            return
        }
        let dots = Self.dots(segment, from: 0)
        if dots == segment.count && dots <= 2 {
            self = dots == 1 ? .dot : .dotDot
        } else if dots <= 2 && Self.isParameterStart(segment, at: dots) {
            self = dots == 0 ? .emptyWithParameters : .dotWithParameters
        } else {
            self = Self.hidesDotSegment(segment) ? .hiddenDot : .ordinary
        }
    }

    /// How many dots there are from `start` on.
    private static func dots(_ segment: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < segment.count, segment[index] == UInt8(ascii: ".") { index += 1 }
        return index - start
    }

    /// Whether parameters begin here: `;`, or its escape as some decode before they strip.
    private static func isParameterStart(_ segment: Span<UInt8>, at index: Int) -> Bool {
        guard index < segment.count else { return false }
        if segment[index] == UInt8(ascii: ";") { return true }
        return self.isEscape(segment, at: index, UInt8(ascii: "3"), UInt8(ascii: "B"))
    }

    private static func isEscape(
        _ segment: Span<UInt8>, at index: Int, _ high: UInt8, _ low: UInt8
    ) -> Bool {
        index + 2 < segment.count && segment[index] == UInt8(ascii: "%")
            && segment[index + 1] == high && segment[index + 2] == low
    }

    private static func isEncodedSlash(_ segment: Span<UInt8>, at index: Int) -> Bool {
        self.isEscape(segment, at: index, UInt8(ascii: "2"), UInt8(ascii: "F"))
            || self.isEscape(segment, at: index, UInt8(ascii: "5"), UInt8(ascii: "C"))
    }

    /// Whether, split at `%2F` and `%5C`, a part is `.` or `..`, parameters aside.
    private static func hidesDotSegment(_ segment: Span<UInt8>) -> Bool {
        var index = 0
        var isPartStart = true
        var hasSlash = false
        var hasDots = false
        while index < segment.count {
            if isPartStart {
                let dots = self.dots(segment, from: index)
                let next = index + dots
                let isWhole =
                    next == segment.count || self.isEncodedSlash(segment, at: next)
                    || self.isParameterStart(segment, at: next)
                hasDots = hasDots || (1...2 ~= dots && isWhole)
            }
            isPartStart = self.isEncodedSlash(segment, at: index)
            hasSlash = hasSlash || isPartStart
            index += isPartStart ? 3 : 1
        }
        return hasDots && hasSlash
    }
}

/// Follows bytes of UTF-8 (RFC 3629 §4): no overlong forms, no surrogates, nothing over U+10FFFF.
package struct UTF8Check: BitwiseCopyable {
    /// Continuation bytes still to come.
    private var missing: UInt8 = 0
    /// Bounds of the next one.
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xbf

    package init() {}

    /// Whether the bytes up to this one can be UTF-8.
    ///
    /// After `false` it begins anew.
    package mutating func next(_ byte: UInt8) -> Bool {
        if self.missing > 0 {
            guard self.lower...self.upper ~= byte else {
                self = UTF8Check()
                return false
            }
            (self.lower, self.upper) = (0x80, 0xbf)
            self.missing &-= 1
            return true
        }
        switch byte {
        case 0..<0x80: return true
        case 0xc2...0xdf: self.missing = 1
        case 0xe0: (self.missing, self.lower) = (2, 0xa0)
        case 0xed: (self.missing, self.upper) = (2, 0x9f)
        case 0xe1...0xef: self.missing = 2
        case 0xf0: (self.missing, self.lower) = (3, 0x90)
        case 0xf4: (self.missing, self.upper) = (3, 0x8f)
        case 0xf1...0xf3: self.missing = 3
        default: return false
        }
        return true
    }

    /// Whether no sequence is left open.
    ///
    /// It begins anew.
    package mutating func end() -> Bool {
        let isWhole = self.missing == 0
        self = UTF8Check()
        return isWhole
    }
}
