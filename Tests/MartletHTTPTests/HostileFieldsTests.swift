import MartletHTTP
import Testing

/// Heads of random pieces of the grammar: nothing traps, and what comes out keeps its promises.
@Suite struct HostileFieldsTests {
    /// A small generator with a seed, so that a failure can be had again.
    struct Random {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: self.state >> 33) % bound
        }
    }

    static let names = [
        "connection", "te", "via", "forwarded", "x-forwarded-for", "x_forwarded_for", "x-real-ip",
        "x-forwarded-proto", "traceparent", "tracestate", "x-request-id", "cookie", "x-a", "host",
    ]
    static let pieces = [
        "", ",", ";", "\"", "\\", "=", "for=", "1.2.3.4", "10.0.0.1", "[::1]", "::", ":", "[", "]",
        "trailers", "x-a", "host", "1.1 martlet", "(", ")", " ", "\t", "00-", "0", "unknown", "é",
        "%",
        "4bf92f3577b34da6a3ce929d0e0e4736", "-", ":80", "proto=https", "\u{7f}", "a",
    ]

    @Test(arguments: 0..<8 as Range<UInt64>)
    func nothingTraps(seed: UInt64) {
        var random = Random(state: seed)
        let writers: [ForwardedWriter] = [
            ForwardedWriter(client: .append, xForwarded: true, rfc7239: true),
            ForwardedWriter(client: .replace, xForwarded: true, rfc7239: false),
            ForwardedWriter(client: .mask, xForwarded: false, rfc7239: true),
            ForwardedWriter(client: .off, xForwarded: true, rfc7239: true),
        ]
        for round in 0..<1000 {
            let lines = (0..<random.next(6)).map { _ in
                let value = (0..<random.next(9)).map { _ in
                    Self.pieces[random.next(Self.pieces.count)]
                }
                return "\(Self.names[random.next(Self.names.count)]): \(value.joined())"
            }
            var headers = HeaderLines.list(lines)
            let peer = ClientAddress(ipv4: random.next(2) == 0 ? 0x0a00_0001 : 0xcb00_7109)
            let isSound = HopByHopHeaders.removeFromRequest(&headers)
            let origin = ForwardedHeaders.receive(
                &headers, peer: peer, trusted: ForwardedHeadersTests.trusted)
            let authority = headers.first(.host) ?? .empty
            writers[round % 4].apply(
                to: &headers,
                hop: ForwardedHop(
                    peer: peer, origin: origin, isSecure: false, authority: authority, port: 80))
            let identifier = RequestIdentifier.apply(to: &headers, accept: true, random: (1, 2))
            _ = TraceContext.apply(to: &headers, random: (3, 4), parent: 5)
            _ = Via.isLoop(headers)
            let written = HeaderLines.text(headers)
            #expect(isSound)
            #expect(origin.isPeerTrusted || origin.address == peer, "\(lines)")
            let isWellFormed = RequestIdentifier.isWellFormed(headers.span(identifier))
            #expect(isWellFormed)
            #expect(written.filter { $0.hasPrefix("traceparent: 00-") }.count == 1)
            #expect(
                !written.contains { $0.hasPrefix("x_forwarded") || $0.hasPrefix("not verbatim") })
            let reader = ForwardedHeaders.receive(
                &headers, peer: ClientAddress(ipv4: 0x0a00_0002),
                trusted: ForwardedHeadersTests.trusted)
            // The next hop, which trusts us, finds the same client, as far as it may be told.
            if round % 4 == 0 { #expect(reader.address == origin.address, "\(lines) \(written)") }
        }
    }
}
