/// A strict tokenizer of RFC 8259 over bytes that may still be arriving.
///
/// It holds no bytes: each call gets all of the text that there is so far, and goes on where the
/// last one stopped. There is no recursion; what is open is one number a level. Bounded by
/// `JSONLimits`. A failure stays.
package struct JSONScanner: Sendable {
    /// What may come next.
    enum Expectation: UInt8 {
        case value, firstElement, firstKey, key, colon, separator, nothing
    }

    package let limits: JSONLimits
    package private(set) var error: JSONError?
    /// Where the next token is looked for.
    package private(set) var position = 0
    private var expects = Expectation.value
    private var nodeCount = 0
    /// The innermost open level: how many commas it had, and `Self.objectBit` for an object.
    private var level: UInt32 = 0
    /// The levels around it.
    private var outerLevels: ContiguousArray<UInt32> = []
    /// How far a string is known to be good that was not complete, and whether it has escapes.
    var stringProgress: Int?
    var stringHasEscapes = false

    private static let objectBit: UInt32 = 1 << 31

    package init(limits: JSONLimits = JSONLimits()) {
        self.limits = limits.clamped
    }

    /// Makes it ready for another text, and keeps its memory.
    package mutating func reset() {
        self.error = nil
        self.position = 0
        self.expects = .value
        self.nodeCount = 0
        self.level = 0
        self.outerLevels.removeAll(keepingCapacity: true)
        self.stringProgress = nil
        self.stringHasEscapes = false
    }

    /// Arrays and objects that are open.
    package var depth: Int { self.outerLevels.count }

    /// Commas of the innermost open array or object so far.
    var separatorCount: Int { Int(self.level & ~Self.objectBit) }

    /// Takes the next token.
    ///
    /// - `bytes`: the text from its beginning, longer with each call as it arrives.
    /// - `isComplete`: whether no more bytes will come.
    package mutating func next(_ bytes: Span<UInt8>, isComplete: Bool) -> JSONToken {
        guard self.error == nil else { return self.token(.failed, at: self.position) }
        guard bytes.count <= self.limits.bytesMax else {
            return self.fail(.tooManyBytes, at: self.limits.bytesMax)
        }
        var position = self.position
        while position < bytes.count {
            let byte = bytes[position]
            if byte > 0x20 {
                guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") else {
                    self.position = position
                    return self.takeToken(bytes, at: position, byte, isComplete: isComplete)
                }
                if let failure = self.takePunctuation(byte, at: position) { return failure }
            } else if byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09 {
                return self.fail(.unexpectedByte, at: position)
            }
            position &+= 1
        }
        self.position = position
        guard isComplete else { return self.token(.needsMore, at: position) }
        guard self.expects == .nothing else { return self.fail(.unexpectedEnd, at: position) }
        return self.token(.end, at: position)
    }

    // MARK: - Between the tokens

    @inline(__always)
    private mutating func takePunctuation(_ byte: UInt8, at position: Int) -> JSONToken? {
        if byte == UInt8(ascii: ":") {
            guard self.expects == .colon else { return self.fail(.unexpectedByte, at: position) }
            self.expects = .value
            return nil
        }
        guard self.expects == .separator else {
            return self.fail(self.misplaced, at: position)
        }
        self.level &+= 1
        let isObject = self.level & Self.objectBit != 0
        // As many commas are one value more.
        let count = self.separatorCount
        if isObject {
            guard count < self.limits.memberCountMax else {
                return self.fail(.tooManyMembers, at: position)
            }
            self.expects = .key
        } else {
            guard count < self.limits.elementCountMax else {
                return self.fail(.tooManyElements, at: position)
            }
            self.expects = .value
        }
        return nil
    }

    private var misplaced: JSONError.Reason {
        self.expects == .nothing ? .trailingBytes : .unexpectedByte
    }

    // MARK: - Tokens

    @inline(__always)
    private mutating func takeToken(
        _ bytes: Span<UInt8>, at position: Int, _ byte: UInt8, isComplete: Bool
    ) -> JSONToken {
        if byte == UInt8(ascii: "\"") {
            return self.takeString(bytes, at: position, isComplete: isComplete)
        }
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            return self.close(byte, at: position)
        }
        guard self.expects == .value || self.expects == .firstElement else {
            return self.fail(self.misplaced, at: position)
        }
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
            return self.open(byte, at: position)
        }
        guard self.nodeCount < self.limits.nodeCountMax else {
            return self.fail(.tooManyNodes, at: position)
        }
        let scanned: JSONToken
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            scanned = self.scanNumber(bytes, from: position, isComplete: isComplete)
        case UInt8(ascii: "t"):
            scanned = self.scanWord("true", .true, bytes, at: position, isComplete: isComplete)
        case UInt8(ascii: "f"):
            scanned = self.scanWord("false", .false, bytes, at: position, isComplete: isComplete)
        case UInt8(ascii: "n"):
            scanned = self.scanWord("null", .null, bytes, at: position, isComplete: isComplete)
        default:
            let isMark = position == 0 && byte == 0xef
            return self.fail(isMark ? .byteOrderMark : .unexpectedByte, at: position)
        }
        guard scanned.kind.rawValue < JSONToken.Kind.end.rawValue else { return scanned }
        self.nodeCount &+= 1
        self.position = position &+ scanned.count
        self.valueEnded()
        return scanned
    }

    @inline(__always)
    private mutating func takeString(
        _ bytes: Span<UInt8>, at position: Int, isComplete: Bool
    ) -> JSONToken {
        let isKey: Bool
        switch self.expects {
        case .value, .firstElement: isKey = false
        case .key, .firstKey: isKey = true
        default: return self.fail(self.misplaced, at: position)
        }
        guard self.nodeCount < self.limits.nodeCountMax else {
            return self.fail(.tooManyNodes, at: position)
        }
        let scanned = self.scanString(
            bytes, from: position &+ 1, isKey: isKey, isComplete: isComplete)
        guard scanned.kind.rawValue < JSONToken.Kind.end.rawValue else { return scanned }
        self.nodeCount &+= 1
        self.position = scanned.offset &+ scanned.count &+ 1
        if isKey { self.expects = .colon } else { self.valueEnded() }
        return scanned
    }

    private mutating func open(_ byte: UInt8, at position: Int) -> JSONToken {
        guard self.nodeCount < self.limits.nodeCountMax else {
            return self.fail(.tooManyNodes, at: position)
        }
        guard self.outerLevels.count < self.limits.depthMax else {
            return self.fail(.tooDeep, at: position)
        }
        let isObject = byte == UInt8(ascii: "{")
        self.nodeCount &+= 1
        self.outerLevels.append(self.level)
        self.level = isObject ? Self.objectBit : 0
        self.expects = isObject ? .firstKey : .firstElement
        self.position = position &+ 1
        return self.token(isObject ? .beginObject : .beginArray, at: position, count: 1)
    }

    private mutating func close(_ byte: UInt8, at position: Int) -> JSONToken {
        let isObject = byte == UInt8(ascii: "}")
        let isOpenObject = self.level & Self.objectBit != 0
        let isAllowed: Bool
        switch self.expects {
        case .separator: isAllowed = isOpenObject == isObject
        case .firstKey: isAllowed = isObject
        case .firstElement: isAllowed = !isObject
        default: isAllowed = false
        }
        guard isAllowed, let outer = self.outerLevels.popLast() else {
            return self.fail(self.misplaced, at: position)
        }
        let count = self.expects == .separator ? self.separatorCount &+ 1 : 0
        self.level = outer
        self.position = position &+ 1
        self.valueEnded()
        return self.token(isObject ? .endObject : .endArray, at: position, count: count)
    }

    @inline(__always)
    private mutating func valueEnded() {
        self.expects = self.outerLevels.isEmpty ? .nothing : .separator
    }

    @inline(__always)
    func token(
        _ kind: JSONToken.Kind, at offset: Int, count: Int = 0, isIntricate: Bool = false
    ) -> JSONToken {
        JSONToken(kind: kind, isIntricate: isIntricate, offset: offset, count: count)
    }

    @inline(never)
    mutating func fail(_ reason: JSONError.Reason, at offset: Int) -> JSONToken {
        self.error = JSONError(reason, at: offset)
        return self.token(.failed, at: offset)
    }
}
