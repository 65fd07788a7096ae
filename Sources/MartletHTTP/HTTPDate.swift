/// A time as an IMF-fixdate (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, always 29 bytes.
package struct HTTPDate: Sendable {
    package static let count = 29
    private var bytes = InlineArray<29, UInt8>(repeating: 0x20)

    /// The first and last second that four digits of a year can tell: years 0000 to 9999.
    private static let secondsRange = -62_167_219_200...253_402_300_799

    /// - Parameter seconds: since 1970-01-01T00:00:00Z, leap seconds not counted; out of the years
    ///   0 to 9999 the nearest end is taken.
    package init(secondsSinceEpoch seconds: Int) {
        let seconds = min(max(seconds, Self.secondsRange.lowerBound), Self.secondsRange.upperBound)
        let ofDay = ((seconds % 86_400) + 86_400) % 86_400
        let days = (seconds - ofDay) / 86_400
        let (year, month, day) = Self.civil(days)
        self.put("ThuFriSatSunMonTueWed", ((days % 7) + 7) % 7, at: 0)
        self.bytes[3] = UInt8(ascii: ",")
        self.put(day, at: 5)
        self.put("JanFebMarAprMayJunJulAugSepOctNovDec", month - 1, at: 8)
        self.put(year / 100, at: 12)
        self.put(year % 100, at: 14)
        self.put(ofDay / 3600, at: 17)
        self.bytes[19] = UInt8(ascii: ":")
        self.put(ofDay / 60 % 60, at: 20)
        self.bytes[22] = UInt8(ascii: ":")
        self.put(ofDay % 60, at: 23)
        self.put("GMT", 0, at: 26)
    }

    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { self.bytes.span }
    }

    /// Appends the 29 bytes.
    package func write(to output: inout [UInt8]) {
        for index in 0..<Self.count { output.append(self.bytes[index]) }
    }

    private mutating func put(_ number: Int, at index: Int) {
        self.bytes[index] = 0x30 + UInt8(truncatingIfNeeded: number / 10 % 10)
        self.bytes[index + 1] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
    }

    /// Puts the three letters at `position` of a table of names.
    private mutating func put(_ names: StaticString, _ position: Int, at index: Int) {
        let letters = unsafe UnsafeBufferPointer(
            start: names.utf8Start, count: names.utf8CodeUnitCount)
        for offset in 0..<3 {
            self.bytes[index + offset] = unsafe letters[position * 3 + offset]
        }
    }

    /// Days since 1970-01-01 as a date of the proleptic Gregorian calendar.
    ///
    /// Counts years from 1 March, so that the leap day is a year's last, in eras of 400 years,
    /// which all have 146,097 days.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// Reads an IMF-fixdate, which is what senders must write (RFC 9110 §5.6.7).
    ///
    /// The obsolete forms are not read. The name of the day is not compared with the date.
    ///
    /// - Returns: seconds since 1970; `nil` for anything else.
    package static func secondsSinceEpoch(_ text: borrowing Span<UInt8>) -> Int? {
        guard text.count == Self.count, text[3] == UInt8(ascii: ","), text[4] == 0x20,
            text[7] == 0x20, text[11] == 0x20, text[16] == 0x20, text[19] == UInt8(ascii: ":"),
            text[22] == UInt8(ascii: ":"), text[25] == 0x20, text[26] == UInt8(ascii: "G"),
            text[27] == UInt8(ascii: "M"), text[28] == UInt8(ascii: "T"),
            let day = Self.number(text, at: 5), let month = Self.month(text, at: 8),
            let century = Self.number(text, at: 12), let year = Self.number(text, at: 14),
            let hour = Self.number(text, at: 17), let minute = Self.number(text, at: 20),
            let second = Self.number(text, at: 23), 1...31 ~= day, hour < 24, minute < 60,
            second <= 60
        else { return nil }
        // The inverse of `civil`: years begin on 1 March.
        let shifted = century * 100 + year - (month <= 2 ? 1 : 0)
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// Two digits.
    private static func number(_ text: borrowing Span<UInt8>, at index: Int) -> Int? {
        guard 0x30...0x39 ~= text[index], 0x30...0x39 ~= text[index + 1] else { return nil }
        return Int(text[index] - 0x30) * 10 + Int(text[index + 1] - 0x30)
    }

    /// 1…12, by its three letters, whose case counts.
    private static func month(_ text: borrowing Span<UInt8>, at index: Int) -> Int? {
        let letters =
            UInt32(text[index]) << 16 | UInt32(text[index + 1]) << 8 | UInt32(text[index + 2])
        return Self.monthLetters.firstIndex(of: letters).map { $0 + 1 }
    }

    private static let monthLetters: [UInt32] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { name in name.utf8.reduce(0) { $0 << 8 | UInt32($1) } }
}
