import MartletHTTP
import Testing

@Suite struct HTTP2PseudoFieldsTests {
    @Test func aFieldThatWasNotGivenIsNotThere() {
        var pseudo = HTTP2PseudoFields()
        #expect(pseudo.isEmpty)
        for name in HTTP2PseudoFields.Name.allCases { #expect(pseudo[name] == nil) }
        pseudo.set(.path, to: .empty)
        #expect(!pseudo.isEmpty)
        #expect(pseudo[.path] == .empty)
        #expect(pseudo[.method] == nil)
    }

    @Test func eachKeepsItsOwn() {
        var pseudo = HTTP2PseudoFields()
        for (index, name) in HTTP2PseudoFields.Name.allCases.enumerated() {
            pseudo.set(name, to: ByteRange(start: index, end: index + 9))
        }
        for (index, name) in HTTP2PseudoFields.Name.allCases.enumerated() {
            #expect(pseudo[name]?.start == UInt32(index))
        }
        #expect(pseudo != HTTP2PseudoFields())
    }

    @Test(arguments: HTTP2PseudoFields.Name.allCases)
    func namesAreRecognised(name: HTTP2PseudoFields.Name) {
        let decoded = DecodedBlock([(":\(name)", "v")])
        #expect(decoded.lines == [":\(name): v"])
    }

    @Test(arguments: [
        ":", ":Path", ":PATH", ":paths", ":pat", "::path", ":versions", ":unknown", ":path ",
        ":authoritx", ":protocoL",
    ])
    func otherNamesAreUnknown(name: String) {
        #expect(DecodedBlock([(name, "v")]).outcome == .malformed(.pseudoFieldUnknown))
    }
}
