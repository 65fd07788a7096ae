/// What speaks for a client being a program that is not wanted.
package struct BotSigns: OptionSet, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The user agent is on the operator's list.
    package static let listed = BotSigns(rawValue: 1 << 0)
    package static let scanner = BotSigns(rawValue: 1 << 1)
    /// Collects texts for language models.
    package static let aiCrawler = BotSigns(rawValue: 1 << 2)
    /// A library or a command line program.
    package static let library = BotSigns(rawValue: 1 << 3)
    package static let noUserAgent = BotSigns(rawValue: 1 << 4)
    /// Markup, controls, less than four bytes, or two of them.
    package static let oddUserAgent = BotSigns(rawValue: 1 << 5)
    package static let noAccept = BotSigns(rawValue: 1 << 6)
    /// Says that it is a browser and accepts no language, which browsers always do.
    package static let browserWithoutLanguage = BotSigns(rawValue: 1 << 7)
    package static let browserWithoutEncoding = BotSigns(rawValue: 1 << 8)
    /// Says that it is a browser and speaks HTTP/1.0.
    package static let browserOldProtocol = BotSigns(rawValue: 1 << 9)

    /// Signs with the score and the stable name of each.
    package static let catalogue: [(sign: BotSigns, name: StaticString, score: Int)] = [
        (.listed, "listed", 5), (.scanner, "scanner", 5), (.aiCrawler, "ai-crawler", 5),
        (.library, "library", 5), (.noUserAgent, "no-user-agent", 3),
        (.oddUserAgent, "odd-user-agent", 3), (.noAccept, "no-accept", 2),
        (.browserWithoutLanguage, "browser-without-language", 2),
        (.browserWithoutEncoding, "browser-without-encoding", 1),
        (.browserOldProtocol, "browser-old-protocol", 3),
    ]

    package var score: Int {
        var score = 0
        for entry in Self.catalogue where self.contains(entry.sign) { score += entry.score }
        return score
    }
}

/// Which programs are wanted.
///
/// Plain values, made when a configuration is loaded.
package struct BotSettings: Sendable {
    /// Parts of user agents that are let through whatever else speaks against them.
    package var allowed: [[UInt8]] = []
    /// Parts of user agents that are not wanted.
    package var blocked: [[UInt8]] = []
    /// The signs that count.
    ///
    /// Libraries are left out: most clients of an API are such.
    package var signs: BotSigns = [
        .listed, .scanner, .aiCrawler, .noUserAgent, .oddUserAgent, .noAccept,
        .browserWithoutLanguage, .browserWithoutEncoding, .browserOldProtocol,
    ]
    /// The score from which a request is a bot's.
    package var threshold = 5

    package init() {}
}

/// The bot filter: judges a request by its user agent and by the headers that are missing.
///
/// Immutable; one automaton for all lists, so that a user agent is read once.
package struct BotFilter: Sendable {
    /// Bytes of a user agent that are looked at.
    static let agentBytesMax = 1024

    package let settings: BotSettings
    private let automaton: KeywordAutomaton

    private static let allowed = KeywordGates(rawValue: 1 << 16)
    private static let listed = KeywordGates(rawValue: 1 << 17)
    private static let aiCrawler = KeywordGates(rawValue: 1 << 18)
    private static let library = KeywordGates(rawValue: 1 << 19)

    package init(_ settings: BotSettings) {
        self.settings = settings
        self.automaton = KeywordAutomaton([
            (Self.allowed, settings.allowed), (Self.listed, settings.blocked),
            (.scanner, AgentVocabulary.words(AgentVocabulary.scanners)),
            (Self.aiCrawler, AgentVocabulary.words(AgentVocabulary.aiCrawlers)),
            (Self.library, AgentVocabulary.words(AgentVocabulary.libraries)),
        ])
    }

    /// What was seen of a request's headers.
    ///
    /// Empty at its beginning.
    package struct Sighting: Sendable {
        var hasAccept = false
        var hasLanguage = false
        var hasEncoding = false
        var hasAgent = false
        var isBrowser = false
        var isAllowed = false
        var signs: BotSigns = []

        package init() {}
    }

    /// Notes one header field.
    package func see(name: Span<UInt8>, value: Span<UInt8>, in sighting: inout Sighting) {
        switch name.count {
        case 6 where name.isEqualIgnoringCase(to: "accept"): sighting.hasAccept = true
        case 10 where name.isEqualIgnoringCase(to: "user-agent"): self.see(value, in: &sighting)
        case 15 where name.isEqualIgnoringCase(to: "accept-language"): sighting.hasLanguage = true
        case 15 where name.isEqualIgnoringCase(to: "accept-encoding"): sighting.hasEncoding = true
        default: break
        }
    }

    private func see(_ agent: Span<UInt8>, in sighting: inout Sighting) {
        let agent = agent.extracting(0..<min(agent.count, Self.agentBytesMax))
        guard agent.count > 0 else { return }
        // RFC 9110 §10.1.5: there is one; which of two a service believes nobody knows.
        if sighting.hasAgent { sighting.signs.insert(.oddUserAgent) }
        sighting.hasAgent = true
        if agent.hasPrefix("Mozilla/5.0 ("), !agent.contains("compatible;"),
            !agent.contains("bot")
        {
            sighting.isBrowser = true
        }
        if agent.count < 4 { sighting.signs.insert(.oddUserAgent) }
        for index in agent.indices {
            let byte = agent[index]
            if byte < 0x20 || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "`") {
                sighting.signs.insert(.oddUserAgent)
            }
        }
        var index = 0
        while let match = self.automaton.first(in: agent, from: index) {
            index = match.range.upperBound
            if match.gates.contains(Self.allowed) { sighting.isAllowed = true }
            if match.gates.contains(Self.listed) { sighting.signs.insert(.listed) }
            // "urlgrabber" is no "grabber".
            guard !TextByte.isWord(agent.at(match.range.lowerBound - 1)) else { continue }
            if match.gates.contains(.scanner) { sighting.signs.insert(.scanner) }
            if match.gates.contains(Self.aiCrawler) { sighting.signs.insert(.aiCrawler) }
            if match.gates.contains(Self.library) { sighting.signs.insert(.library) }
        }
    }

    /// The signs against a request whose headers were all seen; none for allowed programs.
    ///
    /// - `isHTTP10`: the request's version is 1.0.
    package func signs(of sighting: Sighting, isHTTP10: Bool) -> BotSigns {
        guard !sighting.isAllowed else { return [] }
        var signs = sighting.signs
        if !sighting.hasAgent { signs.insert(.noUserAgent) }
        if !sighting.hasAccept { signs.insert(.noAccept) }
        if sighting.isBrowser {
            if !sighting.hasLanguage { signs.insert(.browserWithoutLanguage) }
            if !sighting.hasEncoding { signs.insert(.browserWithoutEncoding) }
            if isHTTP10 { signs.insert(.browserOldProtocol) }
        }
        return signs.intersection(self.settings.signs)
    }

    package func isBot(_ signs: BotSigns) -> Bool { signs.score >= self.settings.threshold }
}
