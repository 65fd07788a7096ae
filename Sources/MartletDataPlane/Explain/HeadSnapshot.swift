import MartletHTTP

/// A request head as text at one moment, so that a step's effect is what differs after it.
struct HeadSnapshot {
    private let lines: [String]

    init(_ head: RequestHead) {
        let headers = head.headers
        let query = head.hasQuery ? "?" + headers.text(head.query) : ""
        self.lines =
            ["\(headers.text(head.methodBytes)) \(headers.text(head.path))\(query)"]
            + headers.fields.filter { !$0.isRemoved }.map { field in
                "\(headers.text(field.name)): \(headers.text(field.value))"
            }
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
