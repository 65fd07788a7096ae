import MartletSecurity
import Testing

/// The examples of RFC 9421, appendix B, and what is made of others.
@Suite struct MessageSignatureTests {
    static let values: [SignedComponent: String] = [
        .method: "POST", .authority: "example.com", .path: "/foo", .query: "?param=Value&Pet=dog",
        .field("date"): "Tue, 20 Apr 2021 02:07:55 GMT", .field("content-type"): "application/json",
        .field("content-length"): "18",
        .field("content-digest"):
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEm"
            + "THWXvJwew==:",
    ]

    static func parse(
        _ input: String, _ signature: String
    ) throws(SignatureRefusal) -> [MessageSignature] {
        try MessageSignature.parse(
            input: Array(input.utf8).span, signature: Array(signature.utf8).span)
    }

    static func refusal(_ input: String, _ signature: String) -> SignatureRefusal? {
        do throws(SignatureRefusal) {
            _ = try Self.parse(input, signature)
            return nil
        } catch {
            return error
        }
    }

    private func value(_ component: SignedComponent) -> [UInt8]? {
        Self.values[component].map { Array($0.utf8) }
    }

    @Test func baseOfB25() throws {
        let signature = try #require(
            try Self.parse(
                #"sig-b25=("date" "@authority" "content-type");created=1618884473"#
                    + #";keyid="test-shared-secret""#,
                "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"
            ).first)
        let base = try signature.base(self.value)
        #expect(
            String(decoding: base, as: UTF8.self) == """
                "date": Tue, 20 Apr 2021 02:07:55 GMT
                "@authority": example.com
                "content-type": application/json
                "@signature-params": ("date" "@authority" "content-type");created=1618884473;\
                keyid="test-shared-secret"
                """)
        let text =
            "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8j"
            + "sasjlTMtDQ=="
        let secret = try #require(Base64Text.decode(Array(text.utf8), .standard))
        let key = try #require(SigningKey(.secret(secret), algorithm: "hmac-sha256"))
        #expect(key.check(signature, base: base) == nil)
        #expect(key.check(signature, base: base + [0]) == .signatureInvalid)
    }

    @Test(arguments: [
        ("", "", SignatureRefusal.malformed),
        ("a=()", "a=:AA==:", .keyUnknown),
        (#"a=("@method");keyid="k""#, "b=:AA==:", .malformed),
        (#"a=("@method");keyid="k""#, "a=1", .malformed),
        (#"a=("@method");keyid="k""#, "a=:AA==:, b=:AA==:", .malformed),
        (#"a="x";keyid="k""#, "a=:AA==:", .malformed),
        (#"a=("@method" "@method");keyid="k""#, "a=:AA==:", .componentTwice),
        (#"a=("@status");keyid="k""#, "a=:AA==:", .componentUnknown),
        (#"a=("Date");keyid="k""#, "a=:AA==:", .componentUnknown),
        (#"a=("date";sf);keyid="k""#, "a=:AA==:", .componentUnknown),
        (#"a=("date";req);keyid="k""#, "a=:AA==:", .componentUnknown),
        (#"a=("@query-param");keyid="k""#, "a=:AA==:", .componentUnknown),
        (#"a=(1);keyid="k""#, "a=:AA==:", .malformed),
        (#"a=("date");keyid=k"#, "a=:AA==:", .malformed),
        (#"a=("date");keyid="k";created="1""#, "a=:AA==:", .malformed),
        (#"a=("date");keyid="k""#, "a=:A:", .malformed),
    ])
    func refused(input: String, signature: String, refusal: SignatureRefusal) {
        #expect(Self.refusal(input, signature) == refusal)
    }

    /// Another party's signature, of a kind that is not known here, is no reason against ours.
    @Test(arguments: [#"b=("@method")"#, #"b=("date";sf);keyid="x""#, #"b=("@status");keyid="x""#])
    func signaturesForSomebodyElse(other: String) throws {
        let found = try Self.parse(
            #"\#(other), a=("@method");keyid="k""#, "b=:AA==:, a=:AA==:")
        #expect(found.map(\.keyIdentifier) == ["k"])
    }

    @Test func parametersOfTheQueryAreTakenByName() throws {
        let signature = try #require(
            try Self.parse(#"a=("@query-param";name="Pet");keyid="k""#, "a=:AA==:").first)
        #expect(signature.components == [.queryParameter("Pet")])
        let base = try signature.base { _ in Array("dog".utf8) }
        #expect(String(decoding: base, as: UTF8.self).hasPrefix(#""@query-param";name="Pet": dog"#))
    }

    @Test func whatIsNotThereCannotBeCovered() throws {
        let signature = try #require(
            try Self.parse(#"a=("x-none");keyid="k""#, "a=:AA==:").first)
        #expect(throws: SignatureRefusal.componentMissing) { try signature.base(self.value) }
        #expect(throws: SignatureRefusal.malformed) { try signature.base { _ in [0x61, 10] } }
    }
}
