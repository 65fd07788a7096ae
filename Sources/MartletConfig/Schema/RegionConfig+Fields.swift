extension RegionConfig {
    static let kind = IPFilterConfig.blocksKind.map { blocks in
        var region = RegionConfig()
        region.blocks = blocks
        return region
    }

    /// The name of a region.
    static let reference = ValueKind<String>.string("the name of a region").checked {
        _, node, decoder in
        decoder.refer(to: .region, node)
    }
}

extension RequestConditionConfig {
    static let kind = record.kind

    private static let record = Record(
        "a condition on requests", "All of it must hold, within a list one is enough.",
        fields: FieldMatchConfig.fields(\.headers, query: \.query, cookies: \.cookies) + [
            Field(
                "region", \.regions, .oneOrMany(RegionConfig.reference),
                "Where the client is: names of the main `regions`."),
            Field(
                "consumers", \.consumers, .oneOrMany(ConsumerConfig.reference),
                "Who calls: names of consumers."),
        ],
        initial: { RequestConditionConfig() },
        check: { node, condition, decoder in
            guard condition == RequestConditionConfig(), case .mapping(let entries) = node.value,
                entries.isEmpty
            else { return }
            decoder.add(
                at: node, "this condition holds for every request",
                hint: "give `headers`, `query`, `cookies`, `region` or `consumers`")
        })
}
