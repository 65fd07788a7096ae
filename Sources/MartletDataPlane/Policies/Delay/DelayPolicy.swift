/// Lets a request wait before anything is done about it, as a slow upstream would.
package struct DelayPolicy: Sendable, Equatable {
    package let ticks: UInt64

    package init(_ delay: Duration) {
        self.ticks = WorkerClock.ticks(delay)
    }

    package var wait: Wait { Wait(ticks: self.ticks, late: .goOn, continuation: .nextStep) }
}
