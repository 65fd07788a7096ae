import MartletJSON
import Testing

/// A pattern with what it means: from each place, the places where a match of it can end.
indirect enum ModelExpression {
    case characters(Set<Character>, isInverted: Bool)
    case start, end, boundary(Bool)
    case sequence([ModelExpression])
    case alternatives([ModelExpression])
    case repeated(ModelExpression, Int, Int?, isLazy: Bool)

    var pattern: String {
        switch self {
        case .characters(let set, let isInverted):
            "[\(isInverted ? "^" : "")\(set.sorted().map(String.init).joined())]"
        case .start: "^"
        case .end: "$"
        case .boundary(let isOne): isOne ? "\\b" : "\\B"
        case .sequence(let parts): parts.map(\.pattern).joined()
        case .alternatives(let parts): "(?:" + parts.map(\.pattern).joined(separator: "|") + ")"
        case .repeated(let part, let least, let most, let isLazy):
            "(?:\(part.pattern)){\(least),\(most.map(String.init) ?? "")}\(isLazy ? "?" : "")"
        }
    }

    func ends(_ text: [Character], from start: Int) -> Set<Int> {
        func isWord(_ index: Int) -> Bool {
            text.indices.contains(index)
                && (text[index] == "_" || text[index].isASCII && text[index].isLetter)
        }
        switch self {
        case .characters(let set, let isInverted):
            return start < text.count && set.contains(text[start]) != isInverted ? [start + 1] : []
        case .start: return start == 0 ? [start] : []
        case .end: return start == text.count ? [start] : []
        case .boundary(let isOne):
            return (isWord(start - 1) != isWord(start)) == isOne ? [start] : []
        case .sequence(let parts):
            return parts.reduce([start]) { places, part in
                places.reduce(into: []) { $0.formUnion(part.ends(text, from: $1)) }
            }
        case .alternatives(let parts):
            return parts.reduce(into: []) { $0.formUnion($1.ends(text, from: start)) }
        case .repeated(let part, let least, let most, _):
            var current: Set<Int> = [start]
            var ends: Set<Int> = least == 0 ? [start] : []
            for round in 1...max(1, most ?? least + text.count + 1) where most != 0 {
                current = current.reduce(into: []) { $0.formUnion(part.ends(text, from: $1)) }
                if round >= least { ends.formUnion(current) }
            }
            return ends
        }
    }

    func matches(_ text: [Character]) -> Bool {
        (0...text.count).contains { !self.ends(text, from: $0).isEmpty }
    }

    static func random(_ random: inout SeededGenerator, depth: Int) -> ModelExpression {
        switch random.below(depth > 0 ? 10 : 4) {
        case 0, 1, 2:
            let all: [Character] = ["a", "b", "_", "-", "ä", "😀"]
            let characters = (0...random.below(2)).map { _ in random.pick(all.filter { $0 != "-" })
            }
            return .characters(Set(characters), isInverted: random.below(4) == 0)
        case 3: return random.pick([.start, .end, .boundary(true), .boundary(false)])
        case 4, 5, 6:
            return .sequence(
                (0..<random.below(4)).map { _ in Self.random(&random, depth: depth - 1) })
        case 7:
            return .alternatives(
                (0...random.below(3)).map { _ in Self.random(&random, depth: depth - 1) })
        default:
            let least = random.below(3)
            let most = random.below(2) == 0 ? nil : least + random.below(3)
            return .repeated(
                Self.random(&random, depth: depth - 1), least, most, isLazy: random.below(2) == 0)
        }
    }
}

@Suite struct RegularExpressionMatcherTests {
    @Test(arguments: UInt64(0)..<100)
    func agreesWithTheModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let model = ModelExpression.random(&random, depth: 4)
        for _ in 0..<20 {
            let text = (0..<random.below(8)).map { _ in
                random.pick(["a", "b", "_", "-", "ä", "😀"] as [Character])
            }
            #expect(
                try RegularExpressionTests.matches(model.pattern, Array(String(text).utf8))
                    == model.matches(text), "seed \(seed): \(model.pattern) on \(String(text))")
        }
    }

    @Test func isUsedAgainForOtherPrograms() throws {
        var limits = RegularExpression.Limits()
        limits.tableBytesMax = 0
        let small = try RegularExpression("^a$", limits: limits)
        let large = try RegularExpression("^[ab]{3,300}$", limits: limits)
        var matcher = RegularExpressionMatcher()
        let text = Array("abab".utf8)
        for _ in 0..<3 {
            #expect(!small.matches(text.span, using: &matcher))
            #expect(large.matches(text.span, using: &matcher))
        }
    }
}
