import MartletConfig

/// A document as it was written, which says less once an exception in it is over.
struct TimedDocument: Sendable {
    let written: ConfigDocument
    /// Those that end first stand first.
    let exceptions: [StatedException]

    init(_ written: ConfigDocument) {
        self.written = written
        self.exceptions = written.exceptions.sorted {
            ($0.terms.end ?? .max) < ($1.terms.end ?? .max)
        }
    }

    /// - `now`: seconds since 1970.
    func document(at now: Int64) -> ConfigDocument { self.written.strict(at: now) }

    /// When the next exception is over.
    func nextEnd(after now: Int64) -> Int64? {
        self.exceptions.lazy.compactMap(\.terms.end).first { $0 > now }
    }

    /// Those that were in force at `start` and are not at `now`.
    func ended(after start: Int64, by now: Int64) -> [StatedException] {
        self.exceptions.filter { exception in
            exception.terms.isInForce(at: start) && !exception.terms.isInForce(at: now)
        }
    }
}
