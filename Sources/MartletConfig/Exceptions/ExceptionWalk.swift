/// Goes past every setting that may be an exception: notes those with terms, and puts those that
/// are over back to what holds without them.
struct ExceptionWalk {
    /// Seconds since 1970; `nil` ends nothing.
    let now: Int64?
    private(set) var found: [StatedException] = []

    init(now: Int64?) { self.now = now }

    mutating func visit<Value>(
        _ setting: inout Excepted<Value>, _ kind: ExceptionKind, strict: Value
    ) {
        guard let terms = setting.exception, self.isOver(terms, kind) else { return }
        setting = Excepted(strict)
    }

    /// An element that is over is as if it did not stand there.
    mutating func visit<Element>(_ list: inout [Excepted<Element>], _ kind: ExceptionKind) {
        var kept: [Excepted<Element>] = []
        for element in list {
            if let terms = element.exception, self.isOver(terms, kind) { continue }
            kept.append(element)
        }
        list = kept
    }

    /// Notes an exception.
    mutating func isOver(_ terms: ExceptionConfig, _ kind: ExceptionKind) -> Bool {
        self.found.append(StatedException(kind: kind, terms: terms))
        return self.now.map { !terms.isInForce(at: $0) } ?? false
    }
}
