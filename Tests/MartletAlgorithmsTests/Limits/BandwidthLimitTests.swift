import MartletAlgorithms
import Testing

@Suite struct BandwidthLimitTests {
    private static func time(_ nanoseconds: UInt64) -> LimitTime {
        LimitTime(monotonic: 77 + nanoseconds, wall: 0)
    }

    @Test(arguments: [(0, 1, 1), (1, 0, 1), (1, 1, 0)] as [(UInt64, UInt64, Int)])
    func refuses(rate: UInt64, burst: UInt64, keysMax: Int) {
        #expect(
            BandwidthLimit(
                bytesPerSecond: rate, burst: burst, keysMax: keysMax, at: Self.time(0)) == nil)
    }

    /// Streams of one key that obey what they are told: together they get the rate, and no more.
    @Test(
        arguments: [
            (1_000_000, 65_536, 1), (1_000_000, 1, 7), (125_000_000, 1 << 20, 3), (50, 100, 2),
        ]
            as [(UInt64, UInt64, Int)], 1...3 as ClosedRange<UInt64>)
    func streamsTogetherGetTheRate(limit: (UInt64, UInt64, Int), seed: UInt64) throws {
        let (rate, burst, streamCount) = limit
        let bandwidth = try #require(
            BandwidthLimit(bytesPerSecond: rate, burst: burst, keysMax: 10, at: Self.time(0)))
        var random = SeededRandom(seed: seed)
        var ready = [UInt64](repeating: 0, count: streamCount)
        let pieceMax = max(2, rate / 50)
        var bytes: UInt64 = 0
        let end: UInt64 = 20_000_000_000
        while let next = ready.min(), next < end, let stream = ready.firstIndex(of: next) {
            let piece = random.next(below: pieceMax) + 1
            bytes += piece
            let wait = bandwidth.pace(5, byteCount: Int(piece), at: Self.time(next))
            ready[stream] = next + max(wait, 1000)
        }
        let most = burst + rate * 20 + UInt64(streamCount) * pieceMax + 64
        #expect(bytes <= most, "seed \(seed)")
        #expect(bytes >= rate * 20 * 95 / 100 - min(rate, pieceMax * UInt64(streamCount)))
    }

    /// Streams that end with their one piece and are followed by new ones, as small answers over
    /// connections that are kept: they wait before they begin, and get the rate and no more.
    @Test(
        arguments: [(262_144, 65_536, 1), (262_144, 65_536, 40), (1_000_000, 1 << 20, 7)]
            as [(UInt64, UInt64, Int)])
    func newStreamsTogetherGetTheRate(rate: UInt64, burst: UInt64, streamCount: Int) throws {
        let bandwidth = try #require(
            BandwidthLimit(bytesPerSecond: rate, burst: burst, keysMax: 10, at: Self.time(0)))
        var ready = [UInt64](repeating: 0, count: streamCount)
        var hasWaited = [Bool](repeating: false, count: streamCount)
        let (piece, end): (UInt64, UInt64) = (30_000, 20_000_000_000)
        var bytes: UInt64 = 0
        while let now = ready.min(), now < end, let stream = ready.firstIndex(of: now) {
            let debt = bandwidth.debt(5, at: Self.time(now))
            if debt > 0, !hasWaited[stream] {
                hasWaited[stream] = true
                ready[stream] = now + debt
                continue
            }
            hasWaited[stream] = false
            bytes += piece
            _ = bandwidth.pace(5, byteCount: Int(piece), at: Self.time(now))
            ready[stream] = now + 1000
        }
        #expect(bytes <= burst + rate * 20 + UInt64(streamCount) * piece)
        #expect(bytes >= rate * 19)
        let owed = bandwidth.debt(5, at: Self.time(end))
        #expect(owed <= (UInt64(streamCount) * piece + 64) * 1_000_000_000 / rate)
        #expect(bandwidth.debt(6, at: Self.time(end)) == 0)
    }

    @Test func hostileCountsDoNotTrap() throws {
        let bandwidth = try #require(
            BandwidthLimit(bytesPerSecond: 1000, burst: 10, keysMax: nil, at: Self.time(0)))
        #expect(bandwidth.byteCount == 64)
        #expect(bandwidth.pace(1, byteCount: -5, at: Self.time(0)) == 0)
        #expect(bandwidth.pace(1, byteCount: .max, at: Self.time(0)) > 1_000_000_000)
        #expect(bandwidth.pace(1, byteCount: .max, at: Self.time(0)) > 1_000_000_000)
    }
}
