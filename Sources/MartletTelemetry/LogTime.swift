import MartletHTTP

/// Renders times for log lines, the part down to the second once a second.
///
/// Owned by an encoder of one worker. UTC, Gregorian calendar for all time.
struct LogTime {
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let secondsADay: Int64 = 86_400

    enum Style {
        /// RFC 3339 with milliseconds: `2026-03-01T12:00:00.250Z`
        case rfc3339
        /// The common log format's: `01/Mar/2026:12:00:00 +0000`
        case common
    }

    private let style: Style
    private var second = Int64.min
    /// Nanoseconds above the second.
    private var fraction: UInt64 = 0
    private var rendered: [UInt8] = []

    init(_ style: Style) {
        self.style = style
        self.rendered.reserveCapacity(32)
    }

    /// Takes up the time that is so many nanoseconds after 1970.
    mutating func advance(to nanoseconds: Int64) {
        let (second, fraction) = Self.split(nanoseconds)
        self.fraction = fraction
        guard second != self.second else { return }
        self.second = second
        let style = self.style
        self.rendered.removeAll(keepingCapacity: true)
        self.rendered.append(room: 32) { cursor in
            switch style {
            case .rfc3339: Self.renderRFC3339(second, to: &cursor)
            case .common: Self.renderCommon(second, to: &cursor)
            }
        }
    }

    /// Writes the time taken up last.
    func write(to cursor: inout ByteCursor) {
        cursor.write(self.rendered.span)
        guard self.style == .rfc3339 else { return }
        cursor.writeDecimal(self.fraction / 1_000_000, width: 3)
        cursor.writeByte(UInt8(ascii: "Z"))
    }

    private static func renderRFC3339(_ second: Int64, to cursor: inout ByteCursor) {
        let (year, month, day) = self.date(of: second)
        cursor.writeDecimal(year, width: 4)
        cursor.writeByte(UInt8(ascii: "-"))
        cursor.writeDecimal(month, width: 2)
        cursor.writeByte(UInt8(ascii: "-"))
        cursor.writeDecimal(day, width: 2)
        cursor.writeByte(UInt8(ascii: "T"))
        self.writeClock(second, to: &cursor)
        cursor.writeByte(UInt8(ascii: "."))
    }

    private static func renderCommon(_ second: Int64, to cursor: inout ByteCursor) {
        let (year, month, day) = self.date(of: second)
        cursor.writeDecimal(day, width: 2)
        cursor.writeByte(UInt8(ascii: "/"))
        cursor.write(self.months[Int(month) - 1])
        cursor.writeByte(UInt8(ascii: "/"))
        cursor.writeDecimal(year, width: 4)
        cursor.writeByte(UInt8(ascii: ":"))
        self.writeClock(second, to: &cursor)
        cursor.write(" +0000")
    }

    /// Seconds since 1970, rounded down, and the nanoseconds above.
    private static func split(_ nanoseconds: Int64) -> (second: Int64, fraction: UInt64) {
        var (second, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if fraction < 0 {
            second -= 1
            fraction += 1_000_000_000
        }
        return (second, UInt64(fraction))
    }

    private static func writeClock(_ second: Int64, to cursor: inout ByteCursor) {
        let ofDay = UInt64(((second % secondsADay) + secondsADay) % secondsADay)
        cursor.writeDecimal(ofDay / 3600, width: 2)
        cursor.writeByte(UInt8(ascii: ":"))
        cursor.writeDecimal(ofDay / 60 % 60, width: 2)
        cursor.writeByte(UInt8(ascii: ":"))
        cursor.writeDecimal(ofDay % 60, width: 2)
    }

    /// Civil date of a second, by counting eras of 400 years from 1 March 0000.
    ///
    /// 64-bit nanoseconds reach from 1677 to 2262, so that no year is negative.
    private static func date(of second: Int64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let day = (second - ((second % secondsADay) + secondsADay) % secondsADay) / secondsADay
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (UInt64(year), UInt64(month), UInt64(dayOfMonth))
    }
}
