import Foundation
import MartletAlgorithms
import Synchronization

// CPU time of what limits do for a request, as the best of many rounds: other work only ever adds.

let rounds = 200
let takes = 5000

/// CPU nanoseconds of this thread.
func cpuTime() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Nanoseconds of the clock on the wall.
func wallTime() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

func report(_ name: String, _ nanoseconds: Double) {
    print(name.padding(toLength: 44, withPad: " ", startingAt: 0), terminator: "")
    print(String(format: "%8.1f ns", nanoseconds))
}

/// - `body`: does it `takes` times.
@MainActor func measure(_ name: String, _ body: () -> Void) {
    var best = Int.max
    for _ in 0..<rounds {
        let start = cpuTime()
        body()
        best = min(best, cpuTime() - start)
    }
    report(name, Double(best) / Double(takes))
}

let second: UInt64 = 1_000_000_000
let origin = LimitTime(monotonic: second, wall: 1_790_000_000 * Int64(second))

func time(_ nanoseconds: UInt64) -> LimitTime {
    LimitTime(
        monotonic: origin.monotonic + nanoseconds, wall: origin.wall + Int64(nanoseconds))
}

/// Reached as the data plane reaches it: by an index into a constant of a shared object.
final class Plan: Sendable {
    let limits: ContiguousArray<SharedLimit>

    init(_ windows: [LimitWindow], keysMax: Int?) {
        let settings = LimitSettings(name: "limit", windows: windows, keysMax: keysMax)
        guard let limit = SharedLimit(settings, at: origin) else { fatalError("no memory") }
        self.limits = [limit]
    }
}

guard let bucket = TokenBucket(tokens: 1000, per: second, burst: 1000),
    let fast = TokenBucket(tokens: 1_000_000, per: second, burst: 1_000_000),
    let sliding = SlidingWindow(limit: 1000, per: 60 * second),
    let daily = PeriodQuota(limit: 1 << 34, per: .day),
    let monthly = PeriodQuota(limit: 1 << 34, per: .month),
    let concurrency = ConcurrencyLimit(limit: 100, keysMax: 10_000)
else { fatalError("no rules") }

var random = SeededRandom(seed: 1)
let hashes = (0..<(1 << 20)).map { _ in random.next() }
let secret = HashSecret(random.next(), random.next())

@MainActor func measureTakes(
    _ name: String, _ windows: [LimitWindow], keys: Int, keysMax: Int? = 1_000_000, step: UInt64
) {
    let plan = Plan(windows, keysMax: keysMax)
    var (now, next) = (UInt64(0), 0)
    for _ in 0..<keys {
        _ = plan.limits[0].take(hashes[next & (keys - 1)], cost: 1, at: time(now))
        next += 1
    }
    measure(name) {
        for _ in 0..<takes {
            now += step
            _ = plan.limits[0].take(hashes[next & (keys - 1)], cost: 1, at: time(now))
            next += 1
        }
    }
}

measureTakes("token bucket", [.tokenBucket(bucket)], keys: 1, step: 1_100_000)
measureTakes(
    "token bucket, no keys", [.tokenBucket(bucket)], keys: 1, keysMax: nil, step: 1_100_000)
measureTakes("token bucket, turned away", [.tokenBucket(bucket)], keys: 1, step: 1)
measureTakes("token bucket, 2²⁰ keys in turn", [.tokenBucket(bucket)], keys: 1 << 20, step: 1000)
measureTakes(
    "token bucket, 2²⁰ keys, room for 2¹⁴", [.tokenBucket(bucket)], keys: 1 << 20, keysMax: 1 << 14,
    step: 1000)
measureTakes("sliding window", [.slidingWindow(sliding)], keys: 1, step: 66_000_000)
measureTakes("quota for a day", [.quota(daily)], keys: 1, step: 1_000_000)
measureTakes("quota for a month", [.quota(monthly)], keys: 1, step: 1_000_000)
measureTakes(
    "token bucket and day", [.tokenBucket(bucket), .quota(daily)], keys: 1, step: 1_100_000)
measureTakes(
    "token bucket, sliding window and day",
    [.tokenBucket(bucket), .slidingWindow(sliding), .quota(daily)], keys: 1, step: 66_000_000)

measure("concurrency, entered and left") {
    for index in 0..<takes {
        if case .entered(let lease, _) = concurrency.enter(hashes[index & 1023]) {
            concurrency.leave(lease)
        }
    }
}

let apiKey = Array("sk_live_0123456789abcdef0123456789".utf8)
var sum: UInt64 = 0
measure("hash of a key of 34 bytes") {
    for _ in 0..<takes {
        var hash = KeyedHash(secret: secret)
        hash.absorb(part: apiKey.span)
        sum &+= hash.value
    }
}
measure("hash of an address") {
    for index in 0..<takes {
        var hash = KeyedHash(secret: secret)
        hash.absorb(UInt64(index))
        hash.absorb(sum)
        sum &+= hash.value
    }
}

/// Threads that do nothing else than to take, at the same time: the median of those rounds in
/// which all of them ran from the first take to the last.
func measureThreads(_ name: String, threads: Int, sameKey: Bool) {
    let plan = Plan([.tokenBucket(fast)], keysMax: sameKey ? nil : 1_000_000)
    var results: [Double] = []
    for round in 0..<rounds * 10 where results.count < rounds {
        let cpu = Atomic<Int>(0)
        let ready = Atomic<Int>(0)
        let begun = Atomic<Int>(.max)
        let ended = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let key = hashes[sameKey ? 0 : thread]
            ready.add(1, ordering: .sequentiallyConsistent)
            while ready.load(ordering: .sequentiallyConsistent) < threads {}
            begun.min(wallTime(), ordering: .relaxed)
            let start = cpuTime()
            for index in 0..<takes {
                let now = UInt64(round * takes + index) * 2000
                _ = plan.limits[0].take(key, cost: 1, at: time(now))
            }
            cpu.add(cpuTime() - start, ordering: .relaxed)
            ended.max(wallTime(), ordering: .relaxed)
        }
        let mean = Double(cpu.load(ordering: .relaxed)) / Double(threads)
        let wall = ended.load(ordering: .relaxed) - begun.load(ordering: .relaxed)
        guard Double(wall) < mean * 1.2 else { continue }
        results.append(mean / Double(takes))
    }
    results.sort()
    report("\(name), \(results.count) rounds", results.isEmpty ? 0 : results[results.count / 2])
}

measureThreads("1 thread", threads: 1, sameKey: true)
measureThreads("2 threads, a key each", threads: 2, sameKey: false)
measureThreads("2 threads, one key", threads: 2, sameKey: true)

// What crowding costs: keys that are seen once, and what the next new one begins with.
do {
    let counted = PeriodQuota(limit: 100, per: .day).map { LimitWindow.quota($0) }
    guard let counted else { fatalError("no rule") }
    let plan = Plan([counted], keysMax: 100_000)
    print("keys for one place: a new key begins with so much spent, on average and at most")
    var seen = 0
    for share in [0.5, 1, 2, 4, 8, 16, 32] {
        while Double(seen) < share * 100_000 {
            _ = plan.limits[0].take(random.next(), cost: 1, at: origin)
            seen += 1
        }
        let spent = (0..<10_000).map { _ in
            100 - plan.limits[0].standing(random.next(), cost: 1, at: origin)[0].remaining
        }
        let average = Double(spent.reduce(0, +)) / 10_000
        print(String(format: "%44.1f %8.4f %4d", share, average, Int(spent.max() ?? 0)))
    }
}

for count in [16, 1024, 100_000] {
    let ipv4 = (0..<count).compactMap {
        CIDRBlock(
            ipv4: UInt32(truncatingIfNeeded: random.next()), prefixLength: 16 + $0 % 17,
            value: UInt32($0))
    }
    // In 64 blocks of /16, as registries give them out.
    let tops = (0..<64).map { _ in (0x2000 + random.next(below: 0x1000)) << 48 }
    let ipv6 = (0..<count).compactMap {
        CIDRBlock(
            high: tops[$0 % 64] | random.next() >> 16, low: 0, prefixLength: 32 + $0 % 33,
            value: UInt32($0))
    }
    let start = cpuTime()
    let set = CIDRSet(ipv4 + ipv6)
    print("\(count) blocks of each: \((cpuTime() - start) / 1000) µs, \(set.byteCount) bytes")
    var next = 0
    measure("  IPv4 address") {
        for _ in 0..<takes {
            next += 1
            if set.value(ipv4: UInt32(truncatingIfNeeded: hashes[next & 0xfffff])) != nil {
                sum += 1
            }
        }
    }
    measure("  IPv6 address") {
        for _ in 0..<takes {
            next += 1
            let high = tops[next % 64] | hashes[next & 0xfffff] >> 16
            if set.value(high: high, low: 1) != nil { sum += 1 }
        }
    }
}
if sum == 0 { print("nothing found") }
