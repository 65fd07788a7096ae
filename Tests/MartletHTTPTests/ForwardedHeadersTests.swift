import MartletHTTP
import Testing

@Suite struct ForwardedHeadersTests {
    static let trusted = AddressBlocks(blocks: ["10.0.0.0/8", "fd00::/8"]) ?? .none

    static func address(_ text: String) throws -> ClientAddress {
        try #require(ClientAddress.read(text))
    }

    @Test func anUntrustedPeerIsTheClient() throws {
        var headers = HeaderLines.list([
            "Forwarded: for=1.1.1.1", "X-Forwarded-For: 1.1.1.1", "x-forwarded-proto: https",
            "x-forwarded-host: h", "x-forwarded-port: 1", "x-real-ip: 1.1.1.1",
            "X-Forwarded-Client-Cert: c", "x-forwarded-prefix: /", "x_forwarded_for: 1.1.1.1",
            "X-Forwarded_Proto: https", "x_real_ip: 2", "x-original-url: /admin",
            "X_Rewrite_URL: /admin", "x-forwardedness: stays", "x-forwarded: stays", "accept: a",
            "y_forwarded_for: stays", "x_other: stays",
        ])
        let peer = try Self.address("203.0.113.9")
        let origin = ForwardedHeaders.receive(&headers, peer: peer, trusted: Self.trusted)
        #expect(origin == ForwardedOrigin(peer: peer, isPeerTrusted: false))
        #expect(
            HeaderLines.text(headers) == [
                "x-forwardedness: stays", "x-forwarded: stays", "accept: a",
                "y_forwarded_for: stays",
                "x_other: stays",
            ])
    }

    @Test func aTrustedPeerKeepsItsFieldsButNoUnderscores() throws {
        var headers = HeaderLines.list([
            "x-forwarded-for: 1.1.1.1", "x_forwarded_for: 2.2.2.2", "x-real-ip: 1.1.1.1",
            "x-real_ip: 2.2.2.2", "X_Forwarded_User: root", "x-rewrite-url: /admin",
        ])
        let origin = ForwardedHeaders.receive(
            &headers, peer: try Self.address("10.0.0.1"), trusted: Self.trusted)
        #expect(origin.address == (try Self.address("1.1.1.1")))
        let lines = HeaderLines.text(headers)
        #expect(lines == ["x-forwarded-for: 1.1.1.1", "x-real-ip: 1.1.1.1"])
    }

    @Test(
        arguments: [
            // Right to left to the first that is not trusted.
            (["x-forwarded-for: 1.1.1.1"], "1.1.1.1"),
            (["x-forwarded-for: 9.9.9.9, 1.1.1.1"], "1.1.1.1"),
            (["x-forwarded-for: 9.9.9.9, 1.1.1.1, 10.0.0.2"], "1.1.1.1"),
            (["x-forwarded-for: 10.0.0.9, 1.1.1.1, 10.0.0.2,10.0.0.3"], "1.1.1.1"),
            (["x-forwarded-for: 10.0.0.4, 10.0.0.3"], "10.0.0.4"),
            (
                [
                    "x-forwarded-for: 9.9.9.9", "x-forwarded-for: 1.1.1.1",
                    "x-forwarded-for: 10.0.0.2",
                ], "1.1.1.1"
            ),
            (["x-forwarded-for: 1.1.1.1:4711"], "1.1.1.1"),
            (["x-forwarded-for: [2001:db8::1]:80, fd00::1"], "2001:db8::1"),
            (["x-forwarded-for: ::ffff:1.1.1.1"], "1.1.1.1"),
            (["x-forwarded-for: 1.1.1.1,,"], "1.1.1.1"),
            // What cannot be read vouches for nothing left of it.
            (["x-forwarded-for: 1.1.1.1, unknown"], "10.0.0.1"),
            (["x-forwarded-for: 1.1.1.1, unknown, 10.0.0.2"], "10.0.0.2"),
            (["x-forwarded-for: 1.1.1.1, \"1.1.1.1"], "10.0.0.1"),
            (["x-forwarded-for: "], "10.0.0.1"),
            (["x-forwarded-for: 1.1.1.1 2.2.2.2"], "10.0.0.1"),
            // X-Forwarded-For wins over Forwarded.
            (["forwarded: for=9.9.9.9", "x-forwarded-for: 1.1.1.1"], "1.1.1.1"),
            (["forwarded: for=1.1.1.1"], "1.1.1.1"),
            (["Forwarded: For=\"[2001:db8::1]:4711\";proto=http;by=203.0.113.43"], "2001:db8::1"),
            (["forwarded: for=9.9.9.9, proto=https; for=1.1.1.1, for=10.0.0.2"], "1.1.1.1"),
            (["forwarded: for=9.9.9.9", "forwarded: for=1.1.1.1"], "1.1.1.1"),
            (["forwarded: for=1.1.1.1;host=\"a,for=9.9.9.9\""], "1.1.1.1"),
            (["forwarded: for=1.1.1.1;host=\"a;for=9.9.9.9\""], "1.1.1.1"),
            (["forwarded: for=1.1.1.1, for=_hidden"], "10.0.0.1"),
            (["forwarded: for=1.1.1.1, proto=http"], "10.0.0.1"),
            (["forwarded: for=1.1.1.1;for=9.9.9.9"], "10.0.0.1"),
            (["forwarded: for=\"1.1.1.1"], "10.0.0.1"),
            (["forwarded: for="], "10.0.0.1"),
            (["forwarded: for=\""], "10.0.0.1"),
            (["forwarded: for"], "10.0.0.1"),
            (["forwarded: xfor=1.1.1.1"], "10.0.0.1"),
            (["forwarded: ;;;=;\"\\"], "10.0.0.1"),
            ([], "10.0.0.1"),
        ] as [([String], String)])
    func findsTheClient(lines: [String], client: String) throws {
        var headers = HeaderLines.list(lines)
        let peer = try Self.address("10.0.0.1")
        let origin = ForwardedHeaders.receive(&headers, peer: peer, trusted: Self.trusted)
        #expect(origin.address == (try Self.address(client)))
        #expect(origin.isPeerTrusted)
        #expect((origin.source == .peer) == (client == "10.0.0.1"))
    }

    @Test func removeAllSparesNoSpelling() {
        var headers = HeaderLines.list([
            "forwarded: a", "x-forwarded-for: b", "x-forwarded-server: c", "x-real-ip: d",
            "x_real_ip: e",
        ])
        ForwardedHeaders.removeAll(&headers)
        let lines = HeaderLines.text(headers)
        #expect(lines == [])
    }
}
