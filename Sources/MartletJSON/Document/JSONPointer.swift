/// A JSON Pointer (RFC 6901), read once and followed often without making anything.
package struct JSONPointer: Sendable, Equatable {
    struct Token: Sendable, Equatable {
        /// What it says of an object: the key.
        let key: ContiguousArray<UInt8>
        let hash: UInt32
        /// What it says of an array, if it says something.
        let index: Int?
    }

    let tokens: ContiguousArray<Token>

    /// Why a text is no pointer.
    package enum Failure: Error, Equatable, Sendable {
        case doesNotBeginWithSlash
        /// `~` without 0 or 1 behind it.
        case invalidEscape
    }

    /// The whole document.
    package init() { self.tokens = [] }

    package init(_ text: some StringProtocol) throws(Failure) {
        var tokens: ContiguousArray<Token> = []
        guard !text.isEmpty else {
            self.tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { throw .doesNotBeginWithSlash }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for part in parts.dropFirst() {
            let key = try Self.unescaped(part)
            tokens.append(
                Token(key: key, hash: JSONHash.key(key.span), index: Self.index(key)))
        }
        self.tokens = tokens
    }

    package var tokenCount: Int { self.tokens.count }

    private static func unescaped(
        _ part: some Sequence<UInt8>
    ) throws(Failure) -> ContiguousArray<UInt8> {
        var key: ContiguousArray<UInt8> = []
        var isEscape = false
        for byte in part {
            if isEscape {
                switch byte {
                case UInt8(ascii: "0"): key.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): key.append(UInt8(ascii: "/"))
                default: throw .invalidEscape
                }
                isEscape = false
            } else if byte == UInt8(ascii: "~") {
                isEscape = true
            } else {
                key.append(byte)
            }
        }
        guard !isEscape else { throw .invalidEscape }
        return key
    }

    /// RFC 6901 §4: `0`, or digits that do not begin with it.
    ///
    /// `-` names no value that exists.
    private static func index(_ key: ContiguousArray<UInt8>) -> Int? {
        guard let first = key.first, key.count <= 9, first != UInt8(ascii: "0") || key.count == 1
        else { return nil }
        var index = 0
        for byte in key {
            guard byte &- UInt8(ascii: "0") < 10 else { return nil }
            index = index &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        }
        return index
    }

    /// A key as a token of a pointer.
    static func escaped(_ key: Span<UInt8>) -> String {
        var escaped: ContiguousArray<UInt8> = []
        for index in key.indices {
            switch key[index] {
            case UInt8(ascii: "~"): escaped.append(contentsOf: "~0".utf8)
            case UInt8(ascii: "/"): escaped.append(contentsOf: "~1".utf8)
            default: escaped.append(key[index])
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

extension JSONPointer: CustomStringConvertible {
    package var description: String {
        self.tokens.map { "/" + Self.escaped($0.key.span) }.joined()
    }
}
