/// Moments as people write them: a day, `2026-12-31`, or RFC 3339, `2026-12-31T18:00:00Z`.
enum MomentText {
    private static let hint =
        "write a day, such as `2026-12-31`, or a moment, such as `2026-12-31T18:00:00Z`"

    /// The end of the day by UTC, or the moment itself, in seconds since 1970.
    static func end(_ text: String) throws(TextProblem) -> Int64 {
        try self.seconds(text, daysLater: 1)
    }

    /// The beginning of the day by UTC, or the moment itself, in seconds since 1970.
    static func start(_ text: String) throws(TextProblem) -> Int64 {
        try self.seconds(text, daysLater: 0)
    }

    private static func seconds(
        _ text: String, daysLater: Int64
    ) throws(TextProblem) -> Int64 {
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let day = parts.first.flatMap({ self.day(Array($0.utf8)) }) else {
            throw TextProblem("\(ConfigNode.quote(text)) is not a date", hint: self.hint)
        }
        guard parts.count == 2 else { return (day + daysLater) * 86_400 }
        guard let seconds = self.time(Array(parts[1].utf8)) else {
            throw TextProblem("\(ConfigNode.quote(text)) is not a moment", hint: self.hint)
        }
        return day * 86_400 + seconds
    }

    /// Days since 1970 of `YYYY-MM-DD`, by the Gregorian calendar.
    private static func day(_ text: [UInt8]) -> Int64? {
        guard text.count == 10, text[4] == 0x2d, text[7] == 0x2d,
            let year = self.number(text[0..<4]), let month = self.number(text[5..<7]),
            let day = self.number(text[8..<10]), year >= 1970, 1...12 ~= month,
            1...self.dayCount(month, year) ~= day
        else { return nil }
        let years = year - 1970
        let leapDays = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477
        let before = (1..<month).reduce(0) { $0 + self.dayCount($1, year) }
        return Int64(years * 365 + leapDays + before + day - 1)
    }

    private static func dayCount(_ month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }

    /// Seconds of `18:00`, `18:00:00`, each with `Z` or an offset from UTC.
    private static func time(_ text: [UInt8]) -> Int64? {
        guard let end = text.firstIndex(where: { [0x5a, 0x2b, 0x2d].contains($0) }),
            let clock = self.clock(text[..<end], hasSeconds: end == 8)
        else { return nil }
        let zone = text[(end + 1)...]
        if text[end] == 0x5a { return zone.isEmpty ? clock : nil }
        guard let offset = self.clock(zone, hasSeconds: false), offset < 86_400 else { return nil }
        return text[end] == 0x2b ? clock - offset : clock + offset
    }

    private static func clock(_ text: ArraySlice<UInt8>, hasSeconds: Bool) -> Int64? {
        let text = Array(text)
        guard text.count == (hasSeconds ? 8 : 5), text[2] == 0x3a,
            let hours = self.number(text[0..<2]), let minutes = self.number(text[3..<5]),
            hours < 24, minutes < 60
        else { return nil }
        guard hasSeconds else { return Int64(hours * 3600 + minutes * 60) }
        guard text[5] == 0x3a, let seconds = self.number(text[6..<8]), seconds < 60
        else { return nil }
        return Int64(hours * 3600 + minutes * 60 + seconds)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
