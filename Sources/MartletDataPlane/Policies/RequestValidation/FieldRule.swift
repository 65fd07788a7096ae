package import MartletConfig
package import MartletJSON

/// What one header field or query parameter has to look like, compiled.
package struct FieldRule: Sendable {
    /// What is wrong with a value.
    package enum Problem: Equatable, Sendable {
        case missing, repeated, notInteger, notNumber, notBoolean, pattern, format
        case tooSmall, tooLarge, tooShort, tooLong, notListed
    }

    /// Header names in lower case.
    let name: [UInt8]
    let config: FieldRuleConfig
    private let expression: RegularExpression?
    private let format: JSONFormat?
    private let minimum: [UInt8]?
    private let maximum: [UInt8]?
    private let values: [[UInt8]]

    package init(_ config: FieldRuleConfig) throws(InvalidPolicy) {
        self.name = Array(config.name.utf8)
        self.config = config
        self.format = config.format.flatMap(JSONFormat.init(rawValue:))
        self.minimum = config.minimum.map { Array(String($0).utf8) }
        self.maximum = config.maximum.map { Array(String($0).utf8) }
        self.values = config.oneOf.map { Array($0.utf8) }
        do throws(RegularExpressionError) {
            self.expression = try config.pattern.map {
                pattern throws(RegularExpressionError) in try RegularExpression(pattern)
            }
        } catch {
            throw InvalidPolicy("the pattern of `\(config.name)`: \(error.sentence)")
        }
    }

    /// The first thing that is wrong with a value; `nil` if nothing is.
    package func problem(
        with value: Span<UInt8>, using matcher: inout RegularExpressionMatcher
    ) -> Problem? {
        if value.count > self.config.maxLength { return .tooLong }
        if value.count < self.config.minLength { return .tooShort }
        if let problem = self.typeProblem(value) { return problem }
        if !self.values.isEmpty, !self.isListed(value) { return .notListed }
        if let format, !format.matches(value) { return .format }
        if let expression {
            matcher.steps = Self.stepCountMax
            // Given up is not passed.
            guard expression.matches(value, using: &matcher), matcher.steps >= 0 else {
                return .pattern
            }
        }
        return nil
    }

    /// More than any value of 8 KiB takes with an expression that has a table.
    private static let stepCountMax = 10_000_000

    private func isListed(_ value: Span<UInt8>) -> Bool {
        for listed in self.values where value.holdsSameBytes(as: listed.span) { return true }
        return false
    }

    private func typeProblem(_ value: Span<UInt8>) -> Problem? {
        switch self.config.type {
        case .text: return nil
        case .boolean:
            let isBoolean =
                value.holdsSameBytes(as: Array("true".utf8).span)
                || value.holdsSameBytes(as: Array("false".utf8).span)
            return isBoolean ? nil : .notBoolean
        case .integer, .number:
            guard let isInteger = JSONNumber.isNumber(value) else { return .notNumber }
            if self.config.type == .integer, !isInteger { return .notInteger }
            return self.rangeProblem(value)
        }
    }

    private func rangeProblem(_ value: Span<UInt8>) -> Problem? {
        let number = JSONNumber(value)
        if let minimum, number.order(against: JSONNumber(minimum.span)) < 0 { return .tooSmall }
        if let maximum, number.order(against: JSONNumber(maximum.span)) > 0 { return .tooLarge }
        return nil
    }

    /// For people; repeats nothing of the request.
    package func sentence(_ problem: Problem) -> String {
        switch problem {
        case .missing: "must be there"
        case .repeated: "must be there only once"
        case .notInteger: "must be a whole number"
        case .notNumber:
            self.config.type == .integer ? "must be a whole number" : "must be a number"
        case .notBoolean: "must be true or false"
        case .pattern: "must match the pattern"
        case .format: "must be of the format \(self.config.format ?? "")"
        case .tooSmall: "must be at least \(self.config.minimum ?? 0)"
        case .tooLarge: "must be at most \(self.config.maximum ?? 0)"
        case .tooShort: "must have at least \(self.config.minLength) bytes"
        case .tooLong: "must have at most \(self.config.maxLength) bytes"
        case .notListed: "must be one of the allowed values"
        }
    }
}

extension JSONNumber {
    /// Whether a text is a number as JSON writes it, and then whether it is written without a
    /// fraction and an exponent; `nil` if it is none, or has more than 64 bytes.
    static func isNumber(_ text: Span<UInt8>) -> Bool? {
        guard 1...64 ~= text.count else { return nil }
        var index = text[0] == UInt8(ascii: "-") ? 1 : 0
        let start = index
        guard self.skipDigits(text, &index),
            text[start] != UInt8(ascii: "0") || index == start + 1
        else { return nil }
        if index == text.count { return true }
        if text[index] == UInt8(ascii: ".") {
            index += 1
            guard self.skipDigits(text, &index) else { return nil }
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == 0x2d {
                index += 1
            }
            let exponent = index
            // As few as the JSON reader takes.
            guard self.skipDigits(text, &index), index - exponent <= 9 else { return nil }
        }
        return index == text.count ? false : nil
    }

    private static func skipDigits(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
        let start = index
        while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        return index > start
    }
}
