extension MaintenanceConfig {
    private static let record = Record(
        "`maintenance`", "A route that is out of service for a while, on purpose.",
        fields: [
            Field("on", \.isOn, .boolean, "Whether it is out of service now."),
            Field(
                "retry-after", \.retryAfter, .duration(1000...86_400_000 * 30),
                "When clients may ask again; whole seconds."),
            Field(
                "allow", \.allow, .oneOrMany(ListenerConfig.networkKind, isEmptyAllowed: true),
                "Blocks of client addresses that are served all the same, such as the testers'."),
            Field(
                "respond", \.respond, StaticReplyConfig.kind.optional,
                """
                In place of the problem document with 503: a status, or a mapping.
                """),
        ],
        initial: { MaintenanceConfig() },
        check: { node, maintenance, decoder in
            if maintenance.isOn { Self.warn(node, &decoder) }
        })

    /// Short form: `true` or `false`.
    static let kind = ValueKind<MaintenanceConfig>.either(
        ValueKind<Bool>.boolean.map { isOn in
            var maintenance = MaintenanceConfig()
            maintenance.isOn = isOn
            return maintenance
        }.checked { maintenance, node, decoder in
            if maintenance.isOn { Self.warn(node, &decoder) }
        },
        when: { $0.scalar != nil }, otherwise: record.kind)

    private static func warn(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        decoder.add(
            .warning, at: node, "this route is out of service",
            hint: "set it to `false` when the work is done")
    }
}
