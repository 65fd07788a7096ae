import MartletConfig

/// What a route does to the headers of an answer, on one line.
enum HeaderEditText {
    private static let banners = [
        "server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version",
    ]

    static func banner(_ edits: HeaderEditConfig) -> String {
        let kept = edits.keep.map { $0.lowercased() }
        let hidden = self.banners.filter { !kept.contains($0) }
        return hidden.isEmpty ? "hides nothing" : "hides " + hidden.joined(separator: ", ")
    }

    static func edits(_ edits: HeaderEditConfig) -> String {
        var texts = edits.remove.map { "remove \($0)" }
        texts += edits.rename.map { "rename \($0.name) to \($0.value)" }
        texts += edits.set.map { "set \($0.name): \($0.value)" }
        texts += edits.add.map { "add \($0.name): \($0.value)" }
        texts += edits.map.map { "map values of \($0.name)" }
        return texts.joined(separator: "; ")
    }
}
