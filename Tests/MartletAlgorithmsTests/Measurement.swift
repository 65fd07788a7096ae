import Foundation
import MartletAlgorithms

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How much a statistical test measures.
///
/// Few runs by default, so that the tests are quick; `MARTLET_RUNS=20 scripts/unit-tests` makes
/// twenty times as many and prints what came of them: the figures in the documentation.
enum Measurement {
    static let scale = ProcessInfo.processInfo.environment["MARTLET_RUNS"].flatMap(Int.init) ?? 1

    /// The processor time that this thread needs for something, whatever else the machine does.
    static func processorTime(_ body: () -> Void) -> Duration {
        let before = Self.threadNanoseconds()
        body()
        return .nanoseconds(Self.threadNanoseconds() - before)
    }

    private static func threadNanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func report(_ text: String) {
        if Self.scale > 1 { print("measured: \(text)") }
    }
}

extension SeededRandom {
    /// A number in `0..<1`, never exactly 0.
    mutating func uniform() -> Double {
        (Double(self.next() >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// How many of so many trials succeed, by leaping from one success to the next.
    mutating func binomial(_ trials: UInt64, _ probability: Double) -> UInt64 {
        guard probability > 0 else { return 0 }
        guard probability < 1 else { return trials }
        let scale = RealFunctions.logarithm(1 - probability)
        var (successes, trial) = (UInt64(0), 0.0)
        while true {
            trial += (RealFunctions.logarithm(self.uniform()) / scale).rounded(.down) + 1
            guard trial <= Double(trials) else { return successes }
            successes += 1
        }
    }
}
