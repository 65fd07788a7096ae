import MartletHTTP
import Testing

@Suite struct HeaderNameTests {
    private func read(_ text: String) -> HeaderName { HeaderName(Array(text.utf8).span) }

    @Test(arguments: HeaderName.allCases.dropFirst())
    func everyNameIsRecognisedInAnyCase(name: HeaderName) {
        let text = name.text.description
        #expect(self.read(text) == name)
        #expect(self.read(text.uppercased()) == name)
        let mixed = String(text.enumerated().map { $0 % 2 == 0 ? Character($1.uppercased()) : $1 })
        #expect(self.read(mixed) == name)
        // Whatever differs in one byte is another name.
        #expect(self.read(text + "x") != name)
        #expect(self.read(String(text.dropLast())) != name)
        #expect(self.read(String(text.dropFirst())) != name)
        #expect(self.read(text.replacing("-", with: "_")) == (text.contains("-") ? .other : name))
        for index in text.utf8.indices {
            var bytes = Array(text.utf8)
            bytes[text.utf8.distance(from: text.startIndex, to: index)] ^= 0x01
            #expect(HeaderName(bytes.span) != name)
            bytes[text.utf8.distance(from: text.startIndex, to: index)] ^= 0x81
            #expect(HeaderName(bytes.span) != name)
        }
    }

    /// Letters only differ from other bytes by the bit of their case.
    @Test(arguments: ["\u{d}ate", "host\u{0}", "te\r", "@ge", "", "x", "[ookie"])
    func otherBytesAreNoLetters(text: String) {
        #expect(self.read(text) == .other)
    }

    @Test func bitsAreDistinct() {
        #expect(Set(HeaderName.allCases.map(\.bit)).count == HeaderName.allCases.count)
        #expect(HeaderName.allCases.count <= 63)
    }

    @Test func presenceTellsWhatIsThere() {
        let headers = HeaderLines.list(["Host: a", "VIA: b", "X-Other: c"])
        #expect(
            headers.presence
                == HeaderName.host.bit | HeaderName.via.bit | HeaderName.other.bit)
        let isThere = headers.contains(.via)
        #expect(isThere)
        let isThere2 = headers.contains(.cookie)
        #expect(!isThere2)
    }
}
