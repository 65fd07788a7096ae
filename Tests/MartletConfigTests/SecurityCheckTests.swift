import MartletConfig
import Testing

/// What depends on the time at which a configuration is read; the rest is in golden files.
@Suite struct SecurityCheckTests {
    private func warnings(expires: String, now: Int64?) -> [Diagnostic] {
        ConfigLoader.load(
            text: """
                listeners: { public: "127.0.0.1:8080" }
                authentication: { key-secret: "${KEY_SECRET}" }
                consumers:
                  acme:
                    api-keys: { hash: "hmac-sha256:\(FullConfig.digits)", expires: \(expires) }
                routes: [{ respond: 204 }]

                """, file: "martlet.yaml",
            environment: ["KEY_SECRET": FullConfig.digits], now: now
        ).diagnostics
    }

    @Test func aKeyThatHasExpiredIsTold() {
        let found = self.warnings(expires: "1970-01-02", now: 2 * 86_400)
        #expect(found.map(\.message) == ["this key has expired: nobody can use it any more"])
        #expect(found.map(\.severity) == [.warning])
        #expect(found.map(\.path) == ["consumers.acme.api-keys"])
    }

    @Test(arguments: [("1970-01-03", Int64(172_800)), ("1970-01-02", Int64(172_799))])
    func aKeyThatHoldsIsNot(expires: String, now: Int64) {
        #expect(self.warnings(expires: expires, now: now).isEmpty)
        #expect(self.warnings(expires: expires, now: nil).isEmpty)
    }
}
