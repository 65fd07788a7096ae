extension FaultConfig {
    static let record = Record(
        "`fault`", "Trouble that is made on purpose, for drills.",
        fields: [
            Field(
                "status", \.status, ValueKind<Int>.integer(400...599).optional,
                "Some requests are answered with this, and the upstream hears nothing of them."),
            Field(
                "status-share", \.statusShare, ShareText.kind,
                "Percent of the requests that are."),
            Field(
                "delay", \.delay, ValueKind<Duration>.duration(1...60_000).optional,
                "Some requests wait so long before anything is done about them."),
            Field(
                "delay-share", \.delayShare, ShareText.kind, "Percent of the requests that do."),
        ],
        initial: { FaultConfig() },
        check: { node, fault, decoder in
            if fault.status == nil, fault.delay == nil {
                decoder.add(
                    at: node, "this fault does nothing", hint: "give a `status` or a `delay`")
            }
            for (key, other) in [("status-share", "status"), ("delay-share", "delay")] {
                guard let given = node[key], node[other] == nil else { continue }
                decoder.add(at: given, "`\(key)` needs `\(other)`", hint: "give both, or neither")
            }
            decoder.add(
                .warning, at: node, "requests of this route are made to fail, or to wait",
                hint: "take it out when the drill is over")
        })
}
