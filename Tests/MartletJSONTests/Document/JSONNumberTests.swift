import MartletJSON
import Testing

@Suite struct JSONNumberTests {
    /// Digits and a power of ten, calculated with as people do on paper.
    struct Model {
        var isNegative: Bool
        var digits: [Int]
        var exponent: Int

        init(_ text: String) {
            let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
            let mantissa = parts[0].filter { $0 != "-" }.split(separator: ".")
            let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
            self.digits = (mantissa[0] + fraction).compactMap(\.wholeNumberValue)
            self.exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
            self.isNegative = text.hasPrefix("-") && self.digits.contains { $0 != 0 }
        }

        /// Digits down to a power of ten, longer ones first.
        func scaled(to exponent: Int, count: Int) -> [Int] {
            let whole = self.digits + [Int](repeating: 0, count: self.exponent - exponent)
            return [Int](repeating: 0, count: count - whole.count) + whole
        }

        static func order(_ left: Model, _ right: Model) -> Int {
            if left.isNegative != right.isNegative { return left.isNegative ? -1 : 1 }
            let exponent = min(left.exponent, right.exponent)
            let count =
                max(
                    left.digits.count + left.exponent, right.digits.count + right.exponent)
                - exponent
            let pair = zip(
                left.scaled(to: exponent, count: count), right.scaled(to: exponent, count: count))
            guard let (first, second) = pair.first(where: { $0 != $1 }) else { return 0 }
            return (first < second) != left.isNegative ? -1 : 1
        }
    }

    static func order(_ left: String, _ right: String) -> Int {
        let (leftBytes, rightBytes) = (Array(left.utf8), Array(right.utf8))
        return JSONNumber(leftBytes.span).order(against: JSONNumber(rightBytes.span)).signum()
    }

    static let orders: [(String, String, Int)] = [
        ("1", "1.0", 0), ("1e2", "100", 0), ("100", "1E+2", 0), ("0.01", "1e-2", 0),
        ("-0", "0", 0), ("0e9", "0.000", 0), ("1.10", "1.1", 0), ("12.50e1", "125", 0),
        ("9007199254740993", "9007199254740992", 1), ("0.1", "0.10000000000000000001", -1),
        ("1e999999999", "1e999999998", 1), ("-1e999999999", "1", -1), ("1e-999999999", "0", 1),
        ("-1e-999999999", "0", -1),
        ("123456789012345678901234567890", "1.2345678901234567890123456789e29", 0),
        ("2", "10", -1), ("-2", "-10", 1), ("0.5", "0.25", 1), ("1.5", "15", -1),
        ("972783798187987123879878123.188781371", "972783798187987123879878123.18878137", 1),
    ]

    @Test(arguments: orders)
    func compares(left: String, right: String, order: Int) {
        #expect(Self.order(left, right) == order)
        #expect(Self.order(right, left) == -order)
        #expect(Self.order(left, left) == 0)
    }

    static func randomText(_ random: inout SeededGenerator) -> String {
        func digits(_ random: inout SeededGenerator, upTo count: Int) -> String {
            (0...random.below(count)).map { _ in random.pick(["0", "0", "1", "5", "9"]) }.joined()
        }
        var text = random.below(3) == 0 ? "-" : ""
        let whole = digits(&random, upTo: 25).drop { $0 == "0" }
        text += whole.isEmpty ? "0" : whole
        if random.below(2) == 0 { text += "." + digits(&random, upTo: 25) }
        if random.below(2) == 0 {
            text += random.pick(["e", "E+", "e-"]) + digits(&random, upTo: 1)
        }
        return text
    }

    @Test(arguments: UInt64(0)..<20)
    func agreesWithTheModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let (left, right) = (Self.randomText(&random), Self.randomText(&random))
            #expect(
                Self.order(left, right) == Model.order(Model(left), Model(right)),
                "seed \(seed): \(left) \(right)")
            let bytes = Array(left.utf8)
            let model = Model(left)
            let fraction = model.digits.suffix(max(0, -model.exponent))
            #expect(
                JSONNumber(bytes.span).isInteger
                    == (model.exponent >= 0 || fraction.allSatisfy { $0 == 0 })
                    || model.digits.count < -model.exponent, "seed \(seed): \(left)")
        }
    }

    static let integers: [(String, Int64?, Int64?)] = [
        ("0", 0, 0), ("-0", 0, 0), ("42", 42, 42), ("-42", -42, -42), ("1e3", 1000, 1000),
        ("1.50e1", 15, 15), ("1.5", nil, 1), ("-1.5", nil, -2), ("0.9", nil, 0), ("-0.9", nil, -1),
        ("1e-400", nil, 0), ("-1e-400", nil, -1),
        ("9223372036854775807", .max, .max), ("9223372036854775808", nil, nil),
        ("-9223372036854775808", .min, .min), ("-9223372036854775808.5", nil, nil),
        ("-9223372036854775809", nil, nil), ("9223372036854775807.9", nil, .max),
        ("1e19", nil, nil), ("1e999999999", nil, nil),
        ("10000000000000000000000e-10", 1_000_000_000_000, 1_000_000_000_000),
    ]

    @Test(arguments: integers)
    func asInteger(text: String, exact: Int64?, roundedDown: Int64?) {
        let bytes = Array(text.utf8)
        let number = JSONNumber(bytes.span)
        #expect(number.int64 == exact)
        #expect(number.roundedDown == roundedDown)
        #expect(number.isInteger == (exact != nil) || exact == nil)
    }

    static let multiples: [(String, UInt64, Int, Bool)] = [
        ("10", 2, 0, true), ("7", 2, 0, false), ("0", 3, 0, true), ("4.5", 15, -1, true),
        ("0.0075", 1, -4, true), ("0.00751", 1, -4, false), ("1e308", 5, -1, true),
        ("35", 35, 0, true), ("1e999999999", 7, 0, false), ("1e999999999", 8, 0, true),
        ("1e-999999999", 1, 0, false), ("-9", 3, 0, true), ("150", 1, 1, true), ("15", 1, 1, false),
        ("123456789012345678901234567890", 987_654_321, 0, false),
        ("987654321987654321987654321", 987_654_321, 0, true),
        ("340282366920938463463374607431768211455", 18_446_744_073_709_551_615, 0, true),
        ("0.3", 1, -1, true), ("12391239123", 1, -8, true),
    ]

    @Test(arguments: multiples)
    func dividesExactly(text: String, coefficient: UInt64, exponent: Int, expected: Bool) {
        let bytes = Array(text.utf8)
        let number = JSONNumber(bytes.span)
        #expect(number.isMultiple(ofCoefficient: coefficient, exponent: exponent) == expected)
    }
}
