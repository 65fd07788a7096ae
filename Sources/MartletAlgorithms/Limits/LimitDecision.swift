/// Whether a request may pass a limit, and where its key stands in each of the limit's windows.
///
/// A value without references, so that it can lie in an exchange until the answer is written.
package struct LimitDecision: Sendable, BitwiseCopyable {
    package static let windowCountMax = 4

    /// How many windows the limit has.
    package let count: Int
    package private(set) var isAllowed = true
    private var standings = InlineArray<4, LimitStanding>(repeating: .unlimited)

    package init(count: Int) { self.count = min(count, Self.windowCountMax) }

    /// In the order of the limit's windows.
    package subscript(window: Int) -> LimitStanding {
        // Through a span: the compiler would copy all of them to read one.
        get { self.standings.span[window] }
        set {
            self.standings[window] = newValue
            self.isAllowed = self.isAllowed && newValue.isAllowed
        }
    }

    /// Whole seconds until the same request would be let through, if nobody else comes: the longest
    /// wait of the windows that have no room, never early and never zero.
    package var retryAfterSeconds: UInt64 {
        var wait: UInt64 = 1
        for index in 0..<self.count where !self.standings[index].isAllowed {
            wait = max(wait, self.standings[index].resetSeconds)
        }
        return wait
    }

    /// The window with the least left among those whose bit is set.
    package func least(of windows: Int) -> Int? {
        var least: Int?
        for index in 0..<self.count where windows &>> index & 1 == 1 {
            if let found = least,
                self.standings[found].remaining <= self.standings[index].remaining
            {
                continue
            }
            least = index
        }
        return least
    }
}
