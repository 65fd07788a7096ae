import MartletInspection
import Testing

@Suite struct BotFilterTests {
    static func signs(
        _ headers: [(String, String)], isHTTP10: Bool = false,
        settings: BotSettings = BotSettings()
    ) -> (signs: BotSigns, isBot: Bool) {
        let filter = BotFilter(settings)
        var sighting = BotFilter.Sighting()
        for (name, value) in headers {
            let name = Array(name.utf8)
            let value = Array(value.utf8)
            filter.see(name: name.span, value: value.span, in: &sighting)
        }
        let signs = filter.signs(of: sighting, isHTTP10: isHTTP10)
        return (signs, filter.isBot(signs))
    }

    static let browser =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"

    @Test func letsBrowsersPass() {
        let result = Self.signs([
            ("user-agent", Self.browser), ("ACCEPT", "*/*"), ("Accept-Language", "de"),
            ("Accept-Encoding", "gzip"),
        ])
        #expect(result.signs == [] && !result.isBot)
    }

    @Test(arguments: [
        ("sqlmap/1.8", BotSigns.scanner), ("Mozilla/5.0 AppleWebKit; GPTBot/1.2", .aiCrawler),
        ("ClaudeBot/1.0", .aiCrawler), ("x", .oddUserAgent), ("<a>bcd", .oddUserAgent),
    ])
    func knowsPrograms(_ agent: String, _ sign: BotSigns) {
        #expect(Self.signs([("User-Agent", agent), ("Accept", "*/*")]).signs == sign)
    }

    @Test func doubtsTwoAgents() {
        let result = Self.signs([
            ("User-Agent", "curl/8.5.0"), ("User-Agent", Self.browser), ("Accept", "*/*"),
        ])
        #expect(
            result.signs == [.oddUserAgent, .browserWithoutLanguage, .browserWithoutEncoding])
        #expect(result.isBot)
    }

    @Test func missesHeaders() {
        #expect(Self.signs([]).signs == [.noUserAgent, .noAccept])
        #expect(Self.signs([]).isBot)
        #expect(Self.signs([("User-Agent", "")]).signs == [.noUserAgent, .noAccept])
        let bare = Self.signs([("User-Agent", Self.browser)], isHTTP10: true)
        #expect(
            bare.signs == [
                .noAccept, .browserWithoutLanguage, .browserWithoutEncoding, .browserOldProtocol,
            ])
        #expect(bare.isBot && bare.signs.score == 8)
    }

    @Test func librariesCountIfAskedFor() {
        let headers = [("User-Agent", "curl/8.5.0"), ("Accept", "*/*")]
        #expect(Self.signs(headers).signs == [])
        var settings = BotSettings()
        settings.signs.insert(.library)
        #expect(Self.signs(headers, settings: settings).isBot)
    }

    @Test func ownLists() {
        var settings = BotSettings()
        settings.blocked = [Array("EvilBot".utf8)]
        settings.allowed = [Array("uptime-check".utf8)]
        let evil = Self.signs(
            [("User-Agent", "a evilbot/2"), ("Accept", "*/*")], settings: settings)
        #expect(evil.signs == .listed && evil.isBot)
        let own = Self.signs([("User-Agent", "Uptime-Check; EvilBot; sqlmap")], settings: settings)
        #expect(own.signs == [])
    }

    @Test func oddPatternsAreLeftOut() {
        var settings = BotSettings()
        settings.blocked = [[], [0xff], Array(repeating: UInt8(ascii: "a"), count: 100_000)]
        #expect(
            Self.signs([("User-Agent", "abcdef"), ("Accept", "")], settings: settings).signs == [])
    }
}
