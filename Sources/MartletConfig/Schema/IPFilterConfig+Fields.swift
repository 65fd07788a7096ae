extension IPFilterConfig {
    private static let record = Record(
        "`ip-filter`", "Which client addresses a route serves; the narrowest block decides.",
        fields: [
            Field(
                "allow", \.allow, allowKind.optional,
                """
                Blocks such as `10.0.0.0/8`, or `file:NAME` with one in each line; every other \
                address is denied.
                """),
            Field(
                "deny", \.deny, blocksKind,
                """
                Blocks that are denied; without `allow`, every other address is served.
                """),
        ],
        initial: { IPFilterConfig() },
        check: { node, filter, decoder in
            guard node["allow"] != nil || node["deny"] != nil else {
                return decoder.add(
                    at: node, "this filter lets every address through",
                    hint: "give `allow` or `deny`")
            }
            let both = Set(filter.allow ?? []).intersection(filter.deny)
            guard let block = both.sorted().first, let deny = node["deny"] else { return }
            decoder.add(
                at: deny, "\(ConfigNode.quote(block)) is allowed and denied",
                hint: "remove it from one of the two", related: node["allow"]?.location)
        })

    /// Short form: the blocks that are served.
    static let kind = ValueKind<IPFilterConfig>.either(
        allowKind.map { blocks in
            var filter = IPFilterConfig()
            filter.allow = blocks
            return filter
        },
        when: { node in
            if case .mapping = node.value { false } else { true }
        },
        otherwise: record.kind)

    /// Blocks of one list or file, beyond which a look-up table would be better made elsewhere.
    private static let blockCountMax = 200_000

    /// Blocks, and files of them.
    static let blocksKind = ValueKind<[[String]]>.oneOrMany(entryKind).map { lists in
        lists.flatMap { $0 }
    }

    /// A file without blocks would let nobody in: it is a mistake, as half-written files are.
    private static let allowKind = ValueKind<[[String]]>.oneOrMany(
        entryKind.checked { blocks, node, decoder in
            guard blocks.isEmpty else { return }
            decoder.add(
                at: node, "this file holds no networks, so nobody would be let in",
                hint: "write the networks into it, one in each line")
        }
    ).map { lists in
        lists.flatMap { $0 }
    }.checked { blocks, node, decoder in
        if let block = blocks.first(where: { $0.hasSuffix("/0") }) {
            decoder.add(
                .warning, at: node, "\(ConfigNode.quote(block)) lets every address through",
                hint: "name the networks that are meant")
        } else if NetworkRange.isNearlyEverything(blocks) {
            decoder.add(
                .warning, at: node, "these networks together let nearly every address through",
                hint: "name the networks that are meant, or those to `deny`")
        }
    }

    /// A block, or a file of them.
    private static let entryKind: ValueKind<[String]> = ValueKind(
        .text(expected: "a network such as `10.0.0.0/8`")
    ) { node, decoder in
        guard let text = decoder.contents(of: node) else {
            return ListenerConfig.networkKind.decode(node, &decoder).map { [$0] }
        }
        return Self.blocks(in: text, at: node, &decoder)
    }

    private static func blocks(
        in contents: ConfigNode, at node: ConfigNode, _ decoder: inout ConfigDecoder
    ) -> [String]? {
        guard let text = contents.scalar?.text, contents.scalar?.isMissing != true else {
            return nil
        }
        var blocks: [String] = []
        // Some editors begin a file with a mark.
        let scalars = text.unicodeScalars
        let marked = scalars.first == "\u{feff}" ? String(scalars.dropFirst()) : text
        let lines = marked.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let block = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
            guard !block.isEmpty else { continue }
            do throws(TextProblem) {
                try IPAddressText.checkNetwork(block)
            } catch {
                decoder.add(
                    at: node, "line \(index + 1) of this file: \(error.message)", hint: error.hint)
                return nil
            }
            blocks.append(block)
        }
        guard blocks.count <= self.blockCountMax else {
            decoder.add(at: node, "more than \(self.blockCountMax) blocks")
            return nil
        }
        return blocks
    }
}
