/// Durations as people write them: `250ms`, `5s`, `1m30s`, `2h`.
enum DurationText {
    /// The units from the largest to the smallest, in milliseconds.
    private static let units: [(name: String, milliseconds: Int)] = [
        ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    private static let hint = "write a number and a unit (`ms`, `s`, `m`, `h`), such as `5s`"

    /// - Returns: the number of milliseconds.
    static func milliseconds(_ text: String) throws(TextProblem) -> Int {
        let shown = ConfigNode.quote(text)
        guard !text.isEmpty else {
            throw TextProblem("expected a duration, found no text", hint: self.hint)
        }
        if let number = Int(text) {
            throw TextProblem(
                "the duration \(shown) has no unit", hint: "write a unit, such as `\(number)s`")
        }
        var rest = Substring(text)
        var total = 0
        var unitsLeft = self.units[...]
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(unit.count)
            guard let number = Int(digits), digits.utf8.count <= 12,
                let index = unitsLeft.firstIndex(where: { $0.name == unit })
            else {
                throw TextProblem("\(shown) is not a duration", hint: self.hint)
            }
            // At most 12 digits times 3.6 million, four times: far from overflow.
            total += number * unitsLeft[index].milliseconds
            unitsLeft = unitsLeft[(index + 1)...]
        }
        return total
    }

    static func format(milliseconds: Int) -> String {
        var rest = milliseconds
        var text = ""
        for unit in self.units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }

    static func format(_ duration: Duration) -> String {
        self.format(milliseconds: self.milliseconds(duration))
    }

    static func milliseconds(_ duration: Duration) -> Int {
        let parts = duration.components
        let seconds = Int(clamping: parts.seconds).multipliedReportingOverflow(by: 1000)
        guard !seconds.overflow else { return Int.max }
        return seconds.partialValue &+ Int(parts.attoseconds / 1_000_000_000_000_000)
    }
}
