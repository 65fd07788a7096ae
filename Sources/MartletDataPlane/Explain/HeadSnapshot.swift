import MartletHTTP

/// A request head as text at one moment, so that a step's effect is what differs after it.
struct HeadSnapshot {
    private let lines: [String]

    init(_ head: RequestHead) {
        let text = { (range: ByteRange) in head.headers.text(range) }
        let query = head.hasQuery ? "?" + text(head.query) : ""
        let fields = head.headers.fields.filter { !$0.isRemoved }
        self.lines =
            ["\(text(head.methodBytes)) \(text(head.path))\(query)"]
            + fields.map { "\(text($0.name)): \(text($0.value))" }
    }

    /// The lines of this one that `other` lacks, counting repetitions.
    func lines(missingIn other: HeadSnapshot) -> [String] {
        var counts: [String: Int] = [:]
        for line in other.lines { counts[line, default: 0] += 1 }
        return self.lines.filter { line in
            guard let count = counts[line], count > 0 else { return true }
            counts[line] = count - 1
            return false
        }
    }
}
