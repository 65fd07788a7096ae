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

    static let both = ["forwarded: for=9.9.9.9", "x-forwarded-for: 1.1.1.1"]

    /// The field that is named is the only one that counts, and the only one that stays.
    @Test(
        arguments: [
            (.xForwardedFor, both, "1.1.1.1", ["x-forwarded-for: 1.1.1.1"]),
            (.forwarded, both, "9.9.9.9", ["forwarded: for=9.9.9.9"]),
            (.xForwardedFor, ["forwarded: for=9.9.9.9", "x-real-ip: 9.9.9.9"], "10.0.0.1", []),
            (
                .forwarded,
                ["x-forwarded-for: 9.9.9.9", "x-forwarded-proto: https", "x-forwarded-user: a"],
                "10.0.0.1", []
            ),
            (.forwarded, ["forwarded: for=1.1.1.1, for=_hidden"], "10.0.0.1", nil),
            (
                .named("x-real-ip"), ["x-forwarded-for: 1.1.1.1", "X-Real-IP: 2.2.2.2"], "2.2.2.2",
                ["X-Real-IP: 2.2.2.2"]
            ),
            (
                .named("cf-connecting-ip"),
                [
                    "forwarded: for=9.9.9.9", "x-forwarded-for: 1.1.1.1", "x-real-ip: 3.3.3.3",
                    "CF-Connecting-IP: 2.2.2.2", "x-forwarded-proto: a",
                ],
                "2.2.2.2", ["CF-Connecting-IP: 2.2.2.2", "x-forwarded-proto: a"]
            ),
            (
                .named("cf-connecting-ip"), ["cf-connecting-ip: [2001:db8::1]:443"], "2001:db8::1",
                nil
            ),
            (.named("cf-connecting-ip"), ["cf-connecting-ip: 2001:db8::1"], "2001:db8::1", nil),
            (.named("cf-connecting-ip"), ["cf-connecting-ip: 10.0.0.7"], "10.0.0.7", nil),
            // Two of them, or none that is an address: nobody knows whose.
            (
                .named("cf-connecting-ip"),
                ["cf-connecting-ip: 1.1.1.1", "cf-connecting-ip: 1.1.1.1"], "10.0.0.1", []
            ),
            (.named("cf-connecting-ip"), ["cf-connecting-ip: 1.1.1.1, 2.2.2.2"], "10.0.0.1", []),
            (.named("cf-connecting-ip"), ["cf-connecting-ip: unknown"], "10.0.0.1", []),
            (.named("cf-connecting-ip"), ["cf-connecting-ip: _hidden"], "10.0.0.1", []),
            (.named("cf-connecting-ip"), ["cf-connecting-ip: "], "10.0.0.1", []),
            (.named("cf-connecting-ip"), ["cf-connecting-ip: 999.1.1.1"], "10.0.0.1", []),
            // Another spelling is not the field, and goes.
            (.named("cf-connecting-ip"), ["cf_connecting_ip: 1.1.1.1"], "10.0.0.1", []),
            (
                .named("cf-connecting-ip"),
                ["cf_connecting-ip: 9.9.9.9", "cf-connecting-ip: 1.1.1.1"], "1.1.1.1",
                ["cf-connecting-ip: 1.1.1.1"]
            ),
            (.named("cf-connecting-ip"), both, "10.0.0.1", []),
        ] as [(ClientAddressSource, [String], String, [String]?)])
    func theFieldThatIsNamedIsBelieved(
        source: ClientAddressSource, lines: [String], client: String, rest: [String]?
    ) throws {
        var headers = HeaderLines.list(lines)
        let origin = ForwardedHeaders.receive(
            &headers, peer: try Self.address("10.0.0.1"), trusted: Self.trusted, source: source)
        #expect(origin.address == (try Self.address(client)))
        #expect((origin.source == .peer) == (client == "10.0.0.1"))
        let left = HeaderLines.text(headers)
        #expect(left == rest ?? left)
    }

    @Test func nobodyElseMaySayIt() throws {
        var headers = HeaderLines.list(["cf-connecting-ip: 1.1.1.1", "cf_connecting_ip: 1.1.1.1"])
        let peer = try Self.address("203.0.113.9")
        let origin = ForwardedHeaders.receive(
            &headers, peer: peer, trusted: Self.trusted, source: .named("cf-connecting-ip"))
        #expect(origin == ForwardedOrigin(peer: peer, isPeerTrusted: false))
        let lines = HeaderLines.text(headers)
        #expect(lines == [])
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

extension ClientAddressSource {
    fileprivate static func named(_ name: String) -> ClientAddressSource {
        .field(Array(name.utf8))
    }
}
