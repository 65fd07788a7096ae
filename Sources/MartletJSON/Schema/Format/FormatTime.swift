/// Dates and times of RFC 3339.
enum FormatTime {
    static func isDateTime(_ text: Span<UInt8>) -> Bool {
        guard text.count > 11, text[10] | 0x20 == UInt8(ascii: "t") else { return false }
        return self.isDate(text.extracting(first: 10))
            && self.isTime(text.extracting(droppingFirst: 11))
    }

    static func isDate(_ text: Span<UInt8>) -> Bool {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            let year = self.number(text, 0, 4), let month = self.number(text, 5, 2),
            let day = self.number(text, 8, 2)
        else { return false }
        return 1...12 ~= month && day >= 1 && day <= self.dayCount(month, of: year)
    }

    private static func dayCount(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func isTime(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 9, text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":"),
            let hour = self.number(text, 0, 2), let minute = self.number(text, 3, 2),
            let second = self.number(text, 6, 2), hour < 24, minute < 60, second <= 60
        else { return false }
        var index = 8
        if text[index] == UInt8(ascii: ".") {
            index &+= 1
            let start = index
            while index < text.count, text[index].isASCIIDigit { index &+= 1 }
            guard index > start else { return false }
        }
        guard index < text.count else { return false }
        var offset = 0
        if text[index] | 0x20 == UInt8(ascii: "z") {
            guard index &+ 1 == text.count else { return false }
        } else {
            guard text.count == index &+ 6, text[index &+ 3] == UInt8(ascii: ":"),
                let hours = self.number(text, index &+ 1, 2),
                let minutes = self.number(text, index &+ 4, 2), hours < 24, minutes < 60
            else { return false }
            switch text[index] {
            case UInt8(ascii: "+"): offset = hours &* 60 &+ minutes
            case UInt8(ascii: "-"): offset = 0 &- hours &* 60 &- minutes
            default: return false
            }
        }
        // A leap second is the last of a day of UTC (RFC 3339 §5.7).
        guard second == 60 else { return true }
        return (hour &* 60 &+ minute &- offset &+ 2880) % 1440 == 1439
    }

    private static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for index in start..<start &+ count {
            guard text[index].isASCIIDigit else { return nil }
            value = value &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
        }
        return value
    }

    /// RFC 3339 appendix A: each unit but the last is followed by the next smaller one.
    static func isDuration(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 3, text[0] == UInt8(ascii: "P") else { return false }
        var index = 1
        if text[1] == UInt8(ascii: "T") {
            index = 2
            return self.units(text, &index, "HMS") > 0 && index == text.count
        }
        var isWeek = index
        if self.units(text, &isWeek, "W") == 1 { return isWeek == text.count }
        guard self.units(text, &index, "YMD") > 0 else { return false }
        if index == text.count { return true }
        guard text[index] == UInt8(ascii: "T") else { return false }
        index &+= 1
        return self.units(text, &index, "HMS") > 0 && index == text.count
    }

    /// How many numbers stand there, each with its unit, none left out between two.
    private static func units(
        _ text: Span<UInt8>, _ index: inout Int, _ units: StaticString
    ) -> Int {
        var found = 0
        var next = 0
        while true {
            var position = index
            while position < text.count, text[position].isASCIIDigit { position &+= 1 }
            guard position > index, position < text.count else { return found }
            guard next < units.utf8CodeUnitCount else { return 0 }
            let unit = text[position]
            if found == 0 {
                while next < units.utf8CodeUnitCount, unsafe units.utf8Start[next] != unit {
                    next &+= 1
                }
                guard next < units.utf8CodeUnitCount else { return 0 }
            } else if unsafe units.utf8Start[next] != unit {
                return 0
            }
            found &+= 1
            next &+= 1
            index = position &+ 1
        }
    }
}
