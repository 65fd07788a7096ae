import MartletHTTP
import Testing

@Suite struct BytesTests {
    /// Every pair of bytes, at every place of a word and behind it, among others that are the same.
    @Test func namesAreComparedWithoutCase() {
        var wrong: [String] = []
        for left in UInt8.min...UInt8.max {
            for right in UInt8.min...UInt8.max {
                let isSame = ByteClass.lowercased(left) == ByteClass.lowercased(right)
                for place in [0, 3, 7, 8] {
                    var (first, second) = (Array("X-Api-Key".utf8), Array("x-apI-kEy".utf8))
                    first[place] = left
                    second[place] = right
                    if first.span.isEqualIgnoringCase(to: second.span) != isSame {
                        wrong.append("\(left) \(right) at \(place)")
                    }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test func classesAreThoseOfTheGrammar() {
        let tokens =
            "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
            + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for byte in UInt8.min...UInt8.max {
            let bits = ByteClass.table[Int(byte)]
            let place: Comment = "byte \(byte)"
            #expect((bits & ByteClass.token != 0) == tokens.utf8.contains(byte), place)
            #expect(
                (bits & ByteClass.fieldValue != 0)
                    == (byte == 9 || byte >= 0x20 && byte != 0x7f), place)
            let hex = "0123456789abcdefABCDEF".utf8.contains(byte)
            #expect((bits & ByteClass.hex != 0) == hex, place)
            #expect((ByteClass.hexValue(byte) != nil) == hex, place)
        }
    }

    @Test func searching() {
        let bytes = Array("abcabc".utf8)
        for (byte, start, expected) in [
            ("a", 0, 0), ("a", 1, 3), ("c", 5, 5), ("x", 0, nil), ("a", 6, nil), ("a", 99, nil),
        ] as [(String, Int, Int?)] {
            let found = bytes.span.firstIndex(of: byte.utf8.first ?? 0, from: start)
            #expect(found == expected)
        }
        let empty: [UInt8] = []
        let found = empty.span.firstIndex(of: 1)
        #expect(found == nil)
    }

    @Test func comparing() {
        let bytes = Array("Ab-1".utf8)
        let results = [
            bytes.span.isEqual(to: "Ab-1"), bytes.span.isEqual(to: "ab-1"),
            bytes.span.isEqual(to: "Ab-"), bytes.span.isEqualIgnoringCase(to: "ab-1"),
            bytes.span.isEqualIgnoringCase(to: "ab-1x"),
            bytes.span.isEqualIgnoringCase(to: Array("aB-1".utf8).span),
            bytes.span.isEqualIgnoringCase(to: Array("a\u{22}-1".utf8).span),
        ]
        #expect(results == [true, false, false, true, false, true, false])
    }
}
