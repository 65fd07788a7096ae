import MartletSecurity
import Testing

@Suite struct APIKeyTextTests {
    @Test func keysDifferAndAreWhole() {
        var random = SystemRandomNumberGenerator()
        var seen: Set<String> = []
        for _ in 0..<1000 {
            let key = APIKeyText(random: &random)
            #expect(key.text.count == 50)
            #expect(key.text.hasPrefix(key.display + "_"))
            #expect(!APIKeyText.isDamaged(Array(key.text.utf8)))
            #expect(APIKeyText.display(of: Array(key.text.utf8)) == key.display)
            #expect(seen.insert(key.text).inserted)
        }
    }

    @Test func everyChangeShows() {
        var random = SystemRandomNumberGenerator()
        let key = Array(APIKeyText(random: &random).text.utf8)
        for index in 3..<key.count {
            var changed = key
            changed[index] =
                changed[index] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
            #expect(APIKeyText.isDamaged(changed))
            #expect(APIKeyText.isDamaged(Array(key[..<index])))
        }
    }

    @Test func otherShapesAreNotJudged() {
        for text in ["", "m", "legacy-key-123", "sk_live_1234"] {
            #expect(!APIKeyText.isDamaged(Array(text.utf8)))
            #expect(APIKeyText.display(of: Array(text.utf8)) == "")
        }
    }
}
