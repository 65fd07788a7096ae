/// Abuse detection that cannot do what it says.
enum AbuseDetectionCheck {
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        guard let detection = document.abuseDetection else {
            return self.checkScores(document, &decoder)
        }
        guard detection.keys.contains(.consumer), document.authentication.policies.isEmpty,
            !document.routes.contains(where: document.asksWhoCalls)
        else { return }
        decoder.path = [.key("abuse-detection"), .key("by")]
        decoder.add(
            .warning, at: detection.source,
            "points are counted for consumers, but nothing here asks who calls",
            hint: "give routes `authentication`, or leave `consumer` out")
    }

    private static func checkScores(
        _ document: ConfigDocument, _ decoder: inout ConfigDecoder
    ) {
        guard let index = document.routes.firstIndex(where: { $0.abuseScore != nil }) else {
            return
        }
        decoder.path = [.key("routes"), .index(index), .key("abuse-score")]
        decoder.add(
            .warning, at: document.routes[index].source,
            "this route has an `abuse-score`, but nobody counts it",
            hint: "give `abuse-detection: {}` in the main file")
    }
}
