package import MartletAlgorithms
package import MartletConfig

/// Makes some requests of a route fail or wait, for drills; which ones is chance.
///
/// Immutable. Delay and status are two steps, each with a share of its own.
package struct FaultPolicy: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case delay(ticks: UInt64)
        case status(UInt16)
    }

    package let kind: Kind
    /// In hundredths of a percent.
    private let share: UInt64

    package init?(delayOf config: FaultConfig) {
        guard let delay = config.delay else { return nil }
        self.kind = .delay(ticks: WorkerClock.ticks(delay))
        self.share = UInt64(clamping: config.delayShare)
    }

    package init?(statusOf config: FaultConfig) {
        guard let status = config.status else { return nil }
        self.kind = .status(UInt16(clamping: status))
        self.share = UInt64(clamping: config.statusShare)
    }

    package var status: UInt16 {
        if case .status(let status) = self.kind { status } else { ProxyError.faultInjected.status }
    }

    /// - `index`: the policy's row.
    package func apply(_ index: UInt32, random: inout SeededRandom) -> Verdict {
        guard random.next(below: 10_000) < self.share else { return .next }
        switch self.kind {
        case .delay(let ticks):
            return .wait(Wait(ticks: ticks, late: .goOn, continuation: .nextStep))
        case .status: return .reply(.fault(index))
        }
    }
}
