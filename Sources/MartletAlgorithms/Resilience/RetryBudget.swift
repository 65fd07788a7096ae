/// How many retries there may be, so that they never multiply the load on an upstream in trouble.
///
/// Retries and hedges in the last while are at most a percentage of the requests in the same while,
/// or of those in flight if they are more, and a floor for times with few requests. Retries are no
/// requests: they earn nothing. One for each upstream and worker; the floor is shared out among
/// workers, the percentage holds for each and so for all.
package struct RetryBudget: Sendable {
    private static let sliceCount = 10
    private static let requests = 0
    private static let retries = 1

    package let percent: UInt32
    package let retryCountMin: UInt64
    private var recent: RecentCounts
    package private(set) var activeRequestCount: UInt64 = 0

    /// - `retryCountMin`: in each window, whatever the percentage says.
    package init(
        percent: UInt32 = 20, retryCountMin: UInt64 = 30,
        windowNanoseconds: UInt64 = 10_000_000_000
    ) {
        self.percent = min(percent, 1000)
        self.retryCountMin = retryCountMin
        self.recent = RecentCounts(
            windowNanoseconds: windowNanoseconds, sliceCount: Self.sliceCount)
    }

    /// Requests that began in the window, without retries.
    package var recentRequestCount: UInt64 { self.recent.count(of: Self.requests) }
    package var recentRetryCount: UInt64 { self.recent.count(of: Self.retries) }

    /// How many retries the window may hold now.
    package var retryCountMax: UInt64 {
        let requests = max(self.recentRequestCount, self.activeRequestCount)
        let share = requests.multipliedReportingOverflow(by: UInt64(self.percent))
        return max(self.retryCountMin, share.overflow ? .max : share.partialValue / 100)
    }

    package mutating func requestBegan(now: UInt64) {
        self.activeRequestCount &+= 1
        self.recent.advance(to: now)
        self.recent.add(kind: Self.requests)
    }

    package mutating func requestEnded() {
        if self.activeRequestCount > 0 { self.activeRequestCount &-= 1 }
    }

    /// Takes one retry from the budget.
    ///
    /// - Returns: false if there is none left; then nothing is taken.
    package mutating func takeRetry(now: UInt64) -> Bool {
        self.recent.advance(to: now)
        guard self.recentRetryCount < self.retryCountMax else { return false }
        self.recent.add(kind: Self.retries)
        return true
    }
}
