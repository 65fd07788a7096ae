import MartletSecurity
import Testing

@Suite struct HexadecimalTests {
    @Test func everyByteComesBack() {
        let bytes = (0...255).map { UInt8($0) }
        let text = Hexadecimal.encode(bytes.span)
        #expect(Hexadecimal.decode(text) == bytes)
        #expect(
            Hexadecimal.decode(Array(String(decoding: text, as: UTF8.self).uppercased().utf8))
                == bytes)
    }

    @Test(arguments: ["0", "0g", "g0", " 0", "0x", "000", "--"])
    func refused(text: String) {
        #expect(Hexadecimal.decode(Array(text.utf8)) == nil)
    }
}
