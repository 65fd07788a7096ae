/// Sizes as people write them: `64KiB`, `10MiB`, `512B`; `KB` and the like are powers of 1000.
enum SizeText {
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1),
    ]
    private static let hint =
        "write a number and a unit (`B`, `KiB`, `MiB`, `GiB`), such as `64KiB`"

    /// - Returns: the number of bytes.
    static func bytes(_ text: String) throws(TextProblem) -> Int {
        let shown = ConfigNode.quote(text)
        guard !text.isEmpty else {
            throw TextProblem("expected a size, found no text", hint: self.hint)
        }
        if Int(text) != nil {
            throw TextProblem(
                "the size \(shown) has no unit", hint: "write a unit, such as `\(text)B` or `64KiB`"
            )
        }
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count)
        if let near = self.units.first(where: { $0.name.lowercased() == unit.lowercased() }),
            near.name != unit, !digits.isEmpty
        {
            throw TextProblem("\(shown) is not a size", hint: "write `\(digits)\(near.name)`")
        }
        guard let number = Int(digits), let known = self.units.first(where: { $0.name == unit })
        else {
            throw TextProblem("\(shown) is not a size", hint: self.hint)
        }
        let product = number.multipliedReportingOverflow(by: known.bytes)
        guard !product.overflow else {
            throw TextProblem("the size \(shown) is too large to count")
        }
        return product.partialValue
    }

    static func format(_ bytes: Int) -> String {
        for unit in self.units where unit.name.contains("i") {
            if bytes >= unit.bytes, bytes % unit.bytes == 0 {
                return "\(bytes / unit.bytes)\(unit.name)"
            }
        }
        return "\(bytes)B"
    }
}
