/// A text with captures: `{name}` is what the path pattern matched, `{{` is a literal brace.
enum TemplateText {
    /// The names that the template uses, in order.
    static func captureNames(in text: String) throws(TextProblem) -> [String] {
        var names: [String] = []
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "{") {
            rest = rest[rest.index(after: start)...]
            if rest.hasPrefix("{") {
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}"), end != rest.startIndex else {
                throw TextProblem(
                    "`{` begins a capture that is not finished",
                    hint: "write `{name}`; a literal brace is `{{`")
            }
            names.append(String(rest[..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return names
    }
}
