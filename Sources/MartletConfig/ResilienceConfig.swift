/// Which failed tries are made again.
package struct RetryConfig: Sendable, Equatable {
    package enum Condition: String, Sendable, Equatable, CaseIterable {
        /// No connection came about.
        case connectFailure = "connect-failure"
        /// The upstream says that it has not looked at the request (RFC 9113 §8.7).
        case refused
        /// The connection was lost before the answer began.
        case connectionLost = "connection-lost"
        /// The answer did not begin in time.
        case timeout
    }

    /// Tries in all, the first one included.
    package var attempts = 3
    package var conditions: [Condition] = [.connectFailure, .refused, .connectionLost]
    /// Answers that are tried again.
    package var statuses: [Int] = []
    /// Also methods that are not idempotent.
    package var includesUnsafe = false
    package var backoffStart: Duration = .milliseconds(50)
    package var backoffMax: Duration = .seconds(1)
    /// A longer `Retry-After` is left to the client.
    package var retryAfterMax: Duration = .seconds(2)
    /// From the last byte of the request to the response head, of each try.
    package var tryTimeout: Duration?
    /// Of a request's body that is kept to be sent again.
    package var replayBodyBytesMax = 64 * 1024

    package init() {}
}

/// How many retries there may be.
package struct RetryBudgetConfig: Sendable, Equatable {
    /// Percent of the requests in the window.
    package var percent = 20
    /// In each window whatever the percentage says, over all workers.
    package var retryCountMin = 20
    package var window: Duration = .seconds(10)

    package init() {}
}

/// When a read that is not answered yet is sent once more.
package struct HedgingConfig: Sendable, Equatable {
    /// After a fixed time; `nil`: after what is unusual.
    package var after: Duration?
    /// Of recent answers that come sooner than what is unusual.
    package var percentile = 95
    /// Never sooner, whatever is usual.
    package var delayMin: Duration = .milliseconds(5)
    /// With fewer answers nothing is known to be unusual; on each worker.
    package var sampleCountMin = 100

    package init() {}
}

/// How many requests in flight an upstream takes without a queue, found by its latency.
package struct AdaptiveConcurrencyConfig: Sendable, Equatable {
    /// Over all workers, as the next two.
    package var start = 20
    package var min = 4
    package var max = 1000
    /// Of the latency without a queue: above that there is one.
    package var tolerancePercent = 150
    /// How often the latency without a queue is measured anew.
    package var probeInterval: Duration = .seconds(10)

    package init() {}
}

/// When calls are no longer made, and when they are tried again.
package struct CircuitBreakerConfig: Sendable, Equatable {
    package var window: Duration = .seconds(10)
    /// Calls in the window below which it says nothing, on one worker.
    package var callCountMin = 20
    package var failurePercent = 50
    /// A call that takes longer is slow.
    package var slowAfter: Duration?
    package var slowPercent = 80
    package var open: Duration = .seconds(5)
    package var openMax: Duration = .seconds(60)
    package var probes = 3

    package init() {}
}
