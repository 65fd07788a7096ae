import MartletJSON
import Testing

@Suite struct JSONFormatTests {
    /// Of each format one text that it takes and one that it does not.
    static let cases: [(JSONFormat, String, String)] = [
        (.dateTime, "2024-01-01T00:00:00Z", "2024-01-01"), (.date, "2024-01-01", "2024-1-1"),
        (.time, "00:00:00Z", "00:00"), (.duration, "P1DT2H", "P1H"),
        (.email, "a@b", "é@b"), (.idnEmail, "é@b", "a"), (.hostname, "a.b", "é"),
        (.idnHostname, "é", "a_b"), (.ipv4, "1.2.3.4", "01.2.3.4"), (.ipv6, "::1", "1.2.3.4"),
        (.uri, "a:b", "b"), (.uriReference, "b", "é"), (.iri, "a:é", "é"),
        (.iriReference, "é", "\\"),
        (.uuid, "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08aa9811eab4aa73b441d16380"),
        (.uriTemplate, "{a}", "{a"), (.jsonPointer, "/a", "a"), (.relativeJSONPointer, "0", "/a"),
        (.regex, "(?=a)", "("),
    ]

    @Test(arguments: cases)
    func takes(format: JSONFormat, good: String, bad: String) {
        #expect(format.takes(good))
        #expect(!format.takes(bad))
    }

    @Test func eachHasACase() {
        #expect(Set(Self.cases.map(\.0)).count == JSONFormat.allCases.count)
    }

    /// Arbitrary bytes trap nowhere.
    @Test func takesAnyBytes() {
        var seed: UInt64 = 0x5eed
        for _ in 0..<20_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let alphabet = Array("012PTYMDWHSZ:.-+/#%{}[]@xn\u{e9}\u{661}".utf8)
            var bytes: ContiguousArray<UInt8> = []
            var state = seed
            for _ in 0..<Int(seed >> 59) {
                state = state &* 6_364_136_223_846_793_005 &+ 1
                bytes.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            for format in JSONFormat.allCases { _ = format.matches(bytes.span) }
        }
    }
}

extension JSONFormat {
    func takes(_ text: String) -> Bool { self.matches(ContiguousArray(text.utf8).span) }
}
