/// Names places in JSON texts: a JSON Pointer (RFC 6901) in which `*` stands for any one key or
/// index, and `**` for any number of them.
///
/// Immutable. Matching takes the product of both lengths at most.
package struct JSONPlacePattern: Sendable, Equatable {
    private enum Token: Sendable, Equatable {
        case key(String)
        case any
        case anyMany
    }

    private let tokens: [Token]

    /// - Returns: `nil` if it does not begin with `/`, or an escape is not one of RFC 6901.
    package init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        var tokens: [Token] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            switch part {
            case "*": tokens.append(.any)
            case "**": tokens.append(.anyMany)
            default:
                guard let key = Self.unescaped(part) else { return nil }
                tokens.append(.key(key))
            }
        }
        self.tokens = tokens
    }

    private static func unescaped(_ part: Substring) -> String? {
        var key = ""
        var isEscape = false
        for character in part {
            switch (isEscape, character) {
            case (true, "0"): key.append("~")
            case (true, "1"): key.append("/")
            case (true, _): return nil
            case (false, "~"): break
            case (false, _): key.append(character)
            }
            isEscape = !isEscape && character == "~"
        }
        return isEscape ? nil : key
    }

    /// Whether it names the place that these keys and indices lead to.
    package func matches(_ path: [String]) -> Bool {
        // reached[i]: the first i tokens can have led to where the path stands now.
        var reached = [Bool](repeating: false, count: self.tokens.count + 1)
        reached[0] = true
        Self.skipMany(self.tokens, &reached)
        for key in path {
            var next = [Bool](repeating: false, count: reached.count)
            for (index, token) in self.tokens.enumerated() where reached[index] {
                switch token {
                case .key(let wanted): if wanted == key { next[index + 1] = true }
                case .any: next[index + 1] = true
                case .anyMany: next[index] = true
                }
            }
            Self.skipMany(self.tokens, &next)
            reached = next
        }
        return reached[self.tokens.count]
    }

    /// `**` may stand for nothing.
    private static func skipMany(_ tokens: [Token], _ reached: inout [Bool]) {
        for (index, token) in tokens.enumerated() where token == .anyMany && reached[index] {
            reached[index + 1] = true
        }
    }
}
