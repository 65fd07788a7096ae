import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct PackedTextsTests {
    @Test func everyRowIsWhatWasPutIn() {
        let texts = ["", "a", "", "bcd", "ef", ""].map { Array($0.utf8) }
        let packed = PackedTexts(texts)
        for (row, text) in texts.enumerated() {
            let isSame = packed.span(row).isEqual(to: text)
            #expect(isSame, "\(row)")
        }
    }
}
