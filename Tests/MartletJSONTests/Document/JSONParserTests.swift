import MartletJSON
import Testing

@Suite struct JSONParserTests {
    /// Reads a text in pieces of random length.
    static func read(
        _ text: [UInt8], pieces random: inout SeededGenerator, limits: JSONLimits
    ) -> Result<JSONDocument, JSONError> {
        var parser = JSONParser(limits: limits)
        var document = JSONDocument()
        var start = 0
        do throws(JSONError) {
            while true {
                let count = min(text.count - start, random.below(5))
                let isLast = start + count == text.count
                try parser.read(
                    text.span.extracting(start..<start + count), isLast: isLast, into: &document)
                if isLast { return .success(document) }
                start += count
            }
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: UInt64(0)..<100)
    func readsPiecesAsTheWhole(seed: UInt64) throws {
        var texts = RandomJSON(seed: seed)
        var limits = JSONLimits()
        limits.allowsDuplicateKeys = true
        for isBroken in [false, true] {
            var text = Array(texts.value().utf8)
            if isBroken { text[texts.random.below(text.count)] = UInt8(ascii: "\\") }
            let whole = Result { () throws(JSONError) in
                try JSONDocument(text.span, limits: limits)
            }
            let inPieces = Self.read(text, pieces: &texts.random, limits: limits)
            #expect(
                inPieces.map { ModelJSON($0) } == whole.map { ModelJSON($0) },
                "seed \(seed): \(String(text))")
        }
    }

    static let twins: [(String, Int?)] = [
        (#"{"a":1,"b":2}"#, nil), (#"{"a":1,"a":1}"#, 8), (#"{"a":1,"\u0061":1}"#, 8),
        (#"{"a":{"a":1},"b":{"a":1}}"#, nil), (#"[{"a":1},{"a":1}]"#, nil),
        (#"{"x":{"a":1,"b":2,"a":3}}"#, 19), (#"{"":1,"":2}"#, 7),
    ]

    @Test(arguments: twins)
    func refusesTwins(text: String, offset: Int?) throws {
        let expected = offset.map { JSONError(.duplicateKey, at: $0) }
        #expect(Self.failure(text) == expected)
        #expect(try JSONDocument(twins: text).hasDuplicateKeys == (offset != nil))
    }

    /// As many keys as are compared one by one, and more, with twins at any distance.
    @Test(arguments: [2, 31, 32, 33, 34, 63, 64, 65, 200])
    func refusesTwinsInLargeObjects(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        var keys = (0..<count).map { "key \($0)" }
        #expect(Self.failure(Self.object(keys)) == nil)
        for _ in 0..<20 {
            keys = (0..<count).map { "key \($0)" }
            let first = random.below(count)
            let second = (first + 1 + random.below(count - 1)) % count
            keys[first] = keys[second]
            #expect(Self.failure(Self.object(keys))?.reason == .duplicateKey, "\(keys)")
        }
    }

    static func object(_ keys: [String]) -> String {
        "{" + keys.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    }

    static func failure(_ text: String, limits: JSONLimits = JSONLimits()) -> JSONError? {
        let bytes = Array(text.utf8)
        do throws(JSONError) {
            _ = try JSONDocument(bytes.span, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    /// Keys that all share one hash: the second eight bytes undo what the first eight did.
    static let collidingKeys: [String] = {
        var keys: [String] = []
        for number in 0..<600_000 {
            let first = Array(String(10_000_000 + number).utf8)
            let word = first.reversed().reduce(0) { $0 << 8 | UInt64($1) }
            let state = JSONHash.mixed(16 ^ word)
            let second = (0..<8).map { UInt8(state >> (8 * $0) & 0xff) ^ 0x10 }
            let isPlain = second.allSatisfy { 0x20..<0x7f ~= $0 && $0 != 0x22 && $0 != 0x5c }
            if isPlain { keys.append(String(first + second)) }
        }
        return keys
    }()

    @Test func collidingKeysAreToldApart() {
        let keys = Self.collidingKeys
        #expect(keys.count > 100)
        #expect(Set(keys.map { JSONHash.key(Array($0.utf8).span) }).count == 1)
        #expect(Self.failure(Self.object(keys)) == nil)
        #expect(Self.failure(Self.object(keys + [keys[70]]))?.reason == .duplicateKey)
        #expect(Self.failure(Self.object(Array(keys.prefix(20)))) == nil)
        #expect(Self.failure(Self.object(keys.prefix(20) + [keys[7]]))?.reason == .duplicateKey)
    }

    @Test func afterAFailureTheNextTextIsReadFromItsBeginning() throws {
        var parser = JSONParser()
        var document = JSONDocument()
        for text in ["[1,", "[}", "{\"a\":1,\"a\":1}", "\"\\"] {
            let bad = Array(text.utf8)
            #expect(throws: JSONError.self) {
                try parser.read(bad.span, isLast: true, into: &document)
            }
            #expect(document.nodeCount == 0)
            let good = Array("[true]".utf8)
            try parser.read(good.span, isLast: true, into: &document)
            #expect(document.nodeCount == 2)
        }
    }

    @Test func refusesALongTextBeforeAllOfItCame() {
        var limits = JSONLimits()
        limits.bytesMax = 100
        var parser = JSONParser(limits: limits)
        var document = JSONDocument()
        let piece = [UInt8](repeating: UInt8(ascii: " "), count: 1000)
        #expect(throws: JSONError(.tooManyBytes, at: 100)) {
            try parser.read(piece.span, isLast: false, into: &document)
        }
    }

    @Test func hostileNestingIsRefused() {
        let text = String(repeating: "[", count: 1_000_000)
        #expect(Self.failure(text) == JSONError(.tooDeep, at: 64))
        #expect(Self.failure(String(repeating: "{\"a\":", count: 1000))?.reason == .tooDeep)
    }
}
