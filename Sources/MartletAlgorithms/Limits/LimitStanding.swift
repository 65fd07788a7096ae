/// Where one key stands in one window, after a request was let through or turned away.
package struct LimitStanding: Sendable, BitwiseCopyable, Equatable {
    package let isAllowed: Bool
    /// What may still be spent now.
    package let remaining: UInt64
    /// Nanoseconds until `remaining` is what it was at first; for who was turned away, until the
    /// same request would be let through.
    package let reset: UInt64

    package init(isAllowed: Bool, remaining: UInt64, reset: UInt64) {
        self.isAllowed = isAllowed
        self.remaining = remaining
        self.reset = reset
    }

    package static let unlimited = LimitStanding(isAllowed: true, remaining: .max, reset: 0)

    /// `reset` in whole seconds, never early.
    package var resetSeconds: UInt64 { Self.seconds(self.reset) }

    static func seconds(_ nanoseconds: UInt64) -> UInt64 {
        nanoseconds / 1_000_000_000 &+ (nanoseconds % 1_000_000_000 == 0 ? 0 : 1)
    }
}
