import MartletAlgorithms

/// An upstream that works on so many requests at the same time and lets the others queue, in
/// virtual time, behind an adaptive limit.
struct QueueSimulation {
    struct Phase {
        var seconds: Double
        /// Arrivals a second, at random.
        var rate: Double
        var slots: Int
        /// Mean time that a request takes in its slot.
        var serviceMilliseconds: Double
    }

    /// What was seen in the second half of a phase.
    struct Result {
        var limitMean = 0.0
        var limitMost = 0
        var answeredPerSecond = 0.0
        var latencyMilliseconds = 0.0
    }

    private var random: SeededRandom
    private let plan: AdaptiveLimitPlan
    private(set) var limit: AdaptiveLimit
    private let isExponential: Bool
    private var now = 0.0
    private var queue: [Double] = []
    private var queueStart = 0
    private var busy: [(end: Double, began: Double)] = []

    init(plan: AdaptiveLimitPlan, isExponential: Bool, seed: UInt64) {
        self.random = SeededRandom(seed: seed)
        self.plan = plan
        self.limit = AdaptiveLimit(plan: plan)
        self.isExponential = isExponential
    }

    private mutating func exponential(mean: Double) -> Double {
        -RealFunctions.logarithm(self.random.uniform()) * mean
    }

    private var inFlight: Int { self.busy.count + self.queue.count - self.queueStart }

    mutating func run(_ phase: Phase) -> Result {
        let end = self.now + phase.seconds
        let half = self.now + phase.seconds / 2
        var arrival = self.now + self.exponential(mean: 1 / phase.rate)
        var (result, answered, latencies, arrivals) = (Result(), 0, 0.0, 0)
        while true {
            let first = self.busy.indices.min { self.busy[$0].end < self.busy[$1].end }
            let departure = first.map { self.busy[$0].end } ?? .infinity
            guard min(arrival, departure) < end else { break }
            if departure < arrival, let first {
                self.now = departure
                let latency = departure - self.busy[first].began
                let inFlight = self.inFlight
                self.busy.remove(at: first)
                self.limit.requestEnded(
                    nanoseconds: UInt64(latency * 1e9), inFlight: inFlight,
                    now: UInt64(departure * 1e9), self.plan)
                if departure > half { (answered, latencies) = (answered + 1, latencies + latency) }
            } else {
                self.now = arrival
                arrival += self.exponential(mean: 1 / phase.rate)
                if self.limit.admits(inFlight: self.inFlight) { self.queue.append(self.now) }
                if self.now > half {
                    arrivals += 1
                    result.limitMean += Double(self.limit.limit)
                    result.limitMost = max(result.limitMost, self.limit.limit)
                }
            }
            self.serve(phase)
        }
        self.now = end
        result.limitMean /= Double(max(arrivals, 1))
        result.answeredPerSecond = Double(answered) * 2 / phase.seconds
        result.latencyMilliseconds = latencies * 1000 / Double(max(answered, 1))
        return result
    }

    private mutating func serve(_ phase: Phase) {
        while self.busy.count < phase.slots, self.queueStart < self.queue.count {
            let mean = phase.serviceMilliseconds / 1000
            let service =
                self.isExponential
                ? self.exponential(mean: mean) : mean * (0.8 + 0.4 * self.random.uniform())
            self.busy.append((self.now + service, self.queue[self.queueStart]))
            self.queueStart += 1
        }
        if self.queueStart > 4096 {
            self.queue.removeFirst(self.queueStart)
            self.queueStart = 0
        }
    }
}
