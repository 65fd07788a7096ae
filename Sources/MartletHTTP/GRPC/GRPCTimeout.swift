/// The deadline that a gRPC client asks for (`grpc-timeout` of the gRPC protocol over HTTP/2).
package enum GRPCTimeout {
    /// Reads one to eight digits and a unit.
    ///
    /// - Returns: nanoseconds, or `nil` if it is malformed.
    package static func nanoseconds(_ value: Span<UInt8>) -> UInt64? {
        guard 2...9 ~= value.count else { return nil }
        var number: UInt64 = 0
        for index in 0..<value.count - 1 {
            let digit = value[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            number = number * 10 + UInt64(digit)
        }
        let unit: UInt64
        switch value[value.count - 1] {
        case UInt8(ascii: "H"): unit = 3_600_000_000_000
        case UInt8(ascii: "M"): unit = 60_000_000_000
        case UInt8(ascii: "S"): unit = 1_000_000_000
        case UInt8(ascii: "m"): unit = 1_000_000
        case UInt8(ascii: "u"): unit = 1_000
        case UInt8(ascii: "n"): unit = 1
        default: return nil
        }
        let (total, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? .max / 4 : min(total, .max / 4)
    }
}
