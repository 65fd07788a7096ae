import MartletSecurity
import Testing

@Suite struct SealedTextTests {
    private let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    private let other = Array("fedcba9876543210fedcba9876543210".utf8)
    private let nonce = [UInt8](repeating: 7, count: SealedText.nonceByteCount)

    private func open(_ seal: SealedText, _ text: [UInt8]) -> [UInt8]? { seal.open(text.span) }

    @Test func everyLengthComesBack() throws {
        let seal = SealedText(secrets: [self.secret], purpose: "session staff")
        for count in [0, 1, 2, 15, 16, 17, 1000, 2900] {
            let content = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let text = try #require(seal.seal(content, nonce: self.nonce))
            #expect(text.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x3b && $0 != 0x2c })
            #expect(self.open(seal, text) == content)
        }
    }

    @Test func anyChangedByteIsNoticed() throws {
        let seal = SealedText(secrets: [self.secret], purpose: "session staff")
        let text = try #require(seal.seal(Array("alice".utf8), nonce: self.nonce))
        for index in text.indices {
            var changed = text
            changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
            #expect(self.open(seal, changed) == nil, "byte \(index)")
        }
        for count in 0..<text.count { #expect(self.open(seal, Array(text[..<count])) == nil) }
        #expect(self.open(seal, text + [0x41]) == nil)
    }

    @Test func aSecretAndAPurposeOpenTheirOwn() throws {
        let seal = SealedText(secrets: [self.secret], purpose: "session staff")
        let text = try #require(seal.seal([1], nonce: self.nonce))
        #expect(self.open(SealedText(secrets: [self.other], purpose: "session staff"), text) == nil)
        #expect(self.open(SealedText(secrets: [self.secret], purpose: "login staff"), text) == nil)
        let rotated = SealedText(secrets: [self.other, self.secret], purpose: "session staff")
        #expect(self.open(rotated, text) == [1])
        let renewed = try #require(rotated.seal([2], nonce: self.nonce))
        #expect(self.open(seal, renewed) == nil)
    }

    @Test func withoutSecretOrNonceNothingIsSealed() {
        #expect(SealedText(secrets: [], purpose: "x").seal([1], nonce: self.nonce) == nil)
        #expect(SealedText(secrets: [self.secret], purpose: "x").seal([1], nonce: [1]) == nil)
    }

    @Test func longTextsAreNotLookedAt() {
        let seal = SealedText(secrets: [self.secret], purpose: "x")
        let text = [UInt8](repeating: 0x41, count: SealedText.byteCountMax + 1)
        #expect(self.open(seal, text) == nil)
    }
}
