/// IP addresses and UUIDs.
enum FormatAddress {
    /// RFC 2673 §3.2: four numbers, none with a zero in front.
    static func isIPv4(_ text: Span<UInt8>) -> Bool {
        var parts = 0
        var digits = 0
        var value = 0
        for index in text.indices {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                guard digits > 0 else { return false }
                parts &+= 1
                digits = 0
                value = 0
            } else {
                guard byte.isASCIIDigit, digits == 0 || value > 0 else { return false }
                value = value &* 10 &+ Int(byte &- UInt8(ascii: "0"))
                digits &+= 1
                guard value < 256 else { return false }
            }
        }
        return parts == 3 && digits > 0
    }

    /// RFC 4291 §2.2, without a zone.
    static func isIPv6(_ text: Span<UInt8>) -> Bool {
        var groups = 0
        var hasGap = false
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: ":") {
                let isDouble = index &+ 1 < text.count && text[index &+ 1] == UInt8(ascii: ":")
                if isDouble {
                    guard !hasGap else { return false }
                    hasGap = true
                    index &+= 2
                    if index == text.count { break }
                } else {
                    guard groups > 0, index &+ 1 < text.count else { return false }
                    index &+= 1
                }
            } else if index > 0 {
                return false
            }
            let start = index
            while index < text.count, text[index].isHexadecimalDigit { index &+= 1 }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard self.isIPv4(text.extracting(droppingFirst: start)) else { return false }
                groups &+= 2
                index = text.count
                break
            }
            guard 1...4 ~= index &- start else { return false }
            groups &+= 1
        }
        return hasGap ? groups <= 7 : groups == 8
    }

    /// RFC 4122 §3.
    static func isUUID(_ text: Span<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for index in text.indices {
            switch index {
            case 8, 13, 18, 23: guard text[index] == UInt8(ascii: "-") else { return false }
            default: guard text[index].isHexadecimalDigit else { return false }
            }
        }
        return true
    }
}
