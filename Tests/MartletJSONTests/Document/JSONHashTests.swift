import MartletJSON
import Testing

@Suite struct JSONHashTests {
    @Test func keysOfAllLengthsSpread() {
        var hashes: Set<UInt32> = []
        for count in 0..<40 {
            for byte in UInt8(0)..<50 {
                var key = [UInt8](repeating: UInt8(ascii: "a"), count: count)
                if count > 0 { key[count / 2] = byte } else if byte > 0 { continue }
                hashes.insert(JSONHash.key(key.span))
            }
        }
        // 1951 of 16.8 million: by chance one pair in nine runs.
        #expect(hashes.count >= 1949)
        #expect(hashes.allSatisfy { $0 < 1 << 24 })
    }

    @Test func zerosCount() {
        let keys: [[UInt8]] = (0..<20).map { [UInt8](repeating: 0, count: $0) }
        #expect(Set(keys.map { JSONHash.key($0.span) }).count == keys.count)
    }

    static let equal: [[String]] = [
        ["1", "1.0", "10e-1", "0.1e1", "1.000"], ["0", "-0", "0.0", "0e5"],
        [#"{"a":1,"b":[2]}"#, #"{"b":[2.0],"a":1e0}"#, #"{ "\u0062":[2],"a":1}"#],
        [#""ä""#, #""\u00e4""#],
    ]
    static let different: [[String]] = [
        ["1", "-1", "10", "\"1\"", "[1]", "true", "null"],
        ["[]", "{}", "[[]]", "[[],[]]", "[{}]", "null", "false", "0", "\"\""],
        [#"{"a":1,"b":2}"#, #"{"a":2,"b":1}"#, #"{"a":{"b":1}}"#, #"{"b":{"a":1}}"#],
        ["[1,2]", "[2,1]", "[1,[2]]", "[[1],2]", "[12]"],
    ]

    @Test(arguments: equal)
    func isTheSameForEqualValues(texts: [String]) throws {
        #expect(Set(try texts.map { JSONHash.value(try JSONDocument($0), 0) }).count == 1)
    }

    @Test(arguments: different)
    func differsForOthers(texts: [String]) throws {
        #expect(Set(try texts.map { JSONHash.value(try JSONDocument($0), 0) }).count == texts.count)
    }
}
