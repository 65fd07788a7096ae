/// When calls to an upstream or endpoint are no longer made, and when they are tried again.
package struct CircuitBreakerPlan: Sendable, Equatable {
    /// What is looked back on.
    package enum Window: Sendable, Equatable {
        /// The last calls, at most 10,000.
        case calls(Int)
        /// The calls of this time, forgotten a tenth at a time.
        case time(nanoseconds: UInt64)
    }

    package var window: Window = .time(nanoseconds: 10_000_000_000)
    /// Calls in the window below which it says nothing.
    package var callCountMin: UInt64 = 20
    /// Of the calls in the window, 1…100.
    package var failurePercent: UInt64 = 50
    /// A call that takes longer is slow; `nil`: none is.
    package var slowNanoseconds: UInt64?
    /// Of the calls in the window, 1…100.
    package var slowPercent: UInt64 = 80
    /// How long it stays open the first time; twice as long each time that the probes fail.
    package var openNanoseconds: UInt64 = 5_000_000_000
    package var openNanosecondsMax: UInt64 = 60_000_000_000
    /// Calls that are let through to find out; 1…100.
    package var probeCount: UInt64 = 3
    /// When probes have not ended after this time, others are sent.
    package var probeNanosecondsMax: UInt64 = 30_000_000_000

    package init() {}
}
