import Foundation
import MartletAlgorithms
import Testing

@Suite struct TimeZoneOffsetsTests {
    /// Two hours ahead, three from 1000 on, one from 2000 on.
    static let zone = TimeZoneOffsets(
        first: 7200,
        changes: [.init(start: 1000, offset: 10_800), .init(start: 2000, offset: 3600)])

    @Test(
        arguments: [
            (.min, 7200), (999, 7200), (1000, 10_800), (1999, 10_800), (2000, 3600), (.max, 3600),
        ] as [(Int64, Int64)])
    func offsets(time: Int64, offset: Int64) throws {
        #expect(try #require(Self.zone).offset(at: time) == offset)
    }

    @Test(
        arguments: [
            // Plain, leapt over, shown twice, and past already.
            (0, 7300, 100), (0, 8200, 1000), (0, 9000, 1000), (0, 11_900, 1100),
            (0, 12_750, 1950), (2500, 6100, 2500), (1950, 12_800, 9200), (5000, 0, 5000),
        ] as [(Int64, Int64, Int64)])
    func firstTimes(from: Int64, local: Int64, time: Int64) throws {
        #expect(try #require(Self.zone).firstTime(from: from, showing: local) == time)
    }

    @Test func refuses() {
        #expect(TimeZoneOffsets(first: 86_400, changes: []) == nil)
        #expect(TimeZoneOffsets(first: 0, changes: [.init(start: 0, offset: -86_400)]) == nil)
        let same = TimeZoneOffsets.Change(start: 5, offset: 0)
        #expect(TimeZoneOffsets(first: 0, changes: [same, same]) == nil)
        let many = (0...Int64(TimeZoneOffsets.changesMax)).map {
            TimeZoneOffsets.Change(start: $0, offset: 0)
        }
        #expect(TimeZoneOffsets(first: 0, changes: many) == nil)
    }

    /// A zone as the system knows it, for twenty years.
    static func named(_ name: String) throws -> (TimeZoneOffsets, TimeZone) {
        let zone = try #require(TimeZone(identifier: name))
        var date = Date(timeIntervalSince1970: 1_700_000_000)
        let first = Int32(zone.secondsFromGMT(for: date))
        var changes: [TimeZoneOffsets.Change] = []
        while let next = zone.nextDaylightSavingTimeTransition(after: date), changes.count < 40 {
            changes.append(
                .init(
                    start: Int64(next.timeIntervalSince1970),
                    offset: Int32(zone.secondsFromGMT(for: next))))
            date = next
        }
        return (try #require(TimeZoneOffsets(first: first, changes: changes)), zone)
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
    func agreesWithTheSystem(name: String) throws {
        let (offsets, zone) = try Self.named(name)
        for step in 0..<4000 as Range<Int64> {
            let time = 1_700_000_000 + step * 100_003
            let date = Date(timeIntervalSince1970: Double(time))
            #expect(offsets.offset(at: time) == Int64(zone.secondsFromGMT(for: date)))
        }
    }
}
