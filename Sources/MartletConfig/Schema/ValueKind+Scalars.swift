extension ValueKind {
    /// A scalar of text that `parse` accepts or refuses with a reason.
    static func text(
        _ expected: String,
        pattern: String? = nil,
        encode: @escaping @Sendable (Value) -> JSONValue? = { _ in nil },
        parse: @escaping @Sendable (String) throws(TextProblem) -> Value
    ) -> ValueKind {
        ValueKind(.text(expected: expected, pattern: pattern), encode: encode) { node, decoder in
            guard let scalar = node.scalar, !scalar.isNull else {
                decoder.addMismatch(node, expected: expected)
                return nil
            }
            do throws(TextProblem) {
                return try parse(scalar.text)
            } catch {
                decoder.add(error, at: node, expected: expected)
                return nil
            }
        }
    }
}

extension ValueKind<String> {
    static func string(_ expected: String = "a text") -> ValueKind {
        .text(expected, encode: { .string($0) }, parse: { $0 })
    }

    /// A host that requests are for; `*.com` and `*.co.uk` are nobody's.
    static let matchedHost = ValueKind<String>.text(
        "a host such as `api.example.com`", parse: HostText.matched
    ).checked { host, node, decoder in
        guard host.hasPrefix("*."), PublicSuffix.contains(host.dropFirst(2)) else { return }
        let isTop = !host.dropFirst(2).contains(".")
        decoder.add(
            .warning, at: node,
            isTop
                ? "\(node.quoted) is every host of a whole top-level domain"
                : "\(node.quoted) is every host of a domain in which anybody can have one",
            hint: node.scalar?.isSecret == true
                ? "name the domain" : "name the domain, such as `*.example\(host.dropFirst())`")
    }
}

extension ValueKind<Bool> {
    static let boolean = ValueKind(
        .boolean, encode: { .boolean($0) },
        decode: { node, decoder in
            guard let scalar = node.scalar, scalar.isPlain else {
                let isText = ["true", "false"].contains(node.scalar?.text ?? "")
                decoder.addMismatch(
                    node, expected: "`true` or `false`", hint: isText ? "leave the quotes out" : nil
                )
                return nil
            }
            switch scalar.text {
            case "true": return true
            case "false": return false
            default:
                let hint: String? =
                    switch scalar.text.lowercased() {
                    case "yes", "on", "1", "true", "enabled": "write `true`"
                    case "no", "off", "0", "false", "disabled": "write `false`"
                    default: nil
                    }
                decoder.addMismatch(node, expected: "`true` or `false`", hint: hint)
                return nil
            }
        })
}

extension ValueKind<Int> {
    static func integer(_ range: ClosedRange<Int>) -> ValueKind {
        let shape = Shape.integer(range)
        return ValueKind(
            shape, encode: { .integer($0) },
            decode: { node, decoder in
                guard let scalar = node.scalar, scalar.isPlain, let value = Int(scalar.text),
                    !scalar.text.hasPrefix("+")
                else {
                    let isQuoted = node.scalar.map { !$0.isPlain && Int($0.text) != nil } ?? false
                    decoder.addMismatch(
                        node, expected: shape.expected,
                        hint: isQuoted ? "leave the quotes out" : nil)
                    return nil
                }
                guard range.contains(value) else {
                    decoder.addMismatch(node, expected: shape.expected)
                    return nil
                }
                return value
            })
    }

    /// A number of bytes with its unit.
    static func size(_ range: ClosedRange<Int>) -> ValueKind {
        .text(
            "a size such as `64KiB`", pattern: #"^\d+(B|KiB|MiB|GiB|KB|MB|GB)$"#,
            encode: { .string(SizeText.format($0)) },
            parse: { text throws(TextProblem) in
                let bytes = try SizeText.bytes(text)
                try Bounds.check(
                    bytes, in: range, shown: text, format: { SizeText.format($0) })
                return bytes
            })
    }
}

extension ValueKind<Duration> {
    static let day = 86_400_000
    static let year = 365 * day

    /// A duration with its unit, between bounds in milliseconds.
    static func duration(_ range: ClosedRange<Int> = 1...year, zeroHint: String? = nil) -> ValueKind
    {
        .text(
            "a duration such as `5s`", pattern: #"^(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$"#,
            encode: { .string(DurationText.format($0)) },
            parse: { text throws(TextProblem) in
                let milliseconds = try DurationText.milliseconds(text)
                if milliseconds == 0, range.lowerBound > 0 {
                    throw TextProblem(
                        "\(ConfigNode.quote(text)) is no time at all",
                        hint: "this cannot be turned off; write a long time, such as `1h`")
                }
                try Bounds.check(
                    milliseconds, in: range, shown: text,
                    format: { DurationText.format(milliseconds: $0) })
                return .milliseconds(milliseconds)
            })
    }
}

/// Says which bound a value breaks, in the value's own units.
enum Bounds {
    static func check(
        _ value: Int, in range: ClosedRange<Int>, shown: String, format: (Int) -> String
    ) throws(TextProblem) {
        if value < range.lowerBound {
            throw TextProblem(
                "\(ConfigNode.quote(shown)) is too little",
                hint: "at least `\(format(range.lowerBound))`")
        }
        if value > range.upperBound {
            throw TextProblem(
                "\(ConfigNode.quote(shown)) is too much",
                hint: "at most `\(format(range.upperBound))`")
        }
    }
}

extension ValueKind
where
    Value: RawRepresentable & CaseIterable & Sendable & Equatable, Value.RawValue == String
{
    /// One of the cases of an enumeration.
    static var choice: ValueKind {
        .choice(Value.allCases.map { ($0.rawValue, $0) })
    }
}

extension ValueKind where Value: Sendable & Equatable {
    /// One of a few words.
    static func choice(_ values: [(text: String, value: Value)]) -> ValueKind {
        let texts = values.map(\.text)
        let shape = Shape.choice(texts)
        return ValueKind(
            shape,
            encode: { value in values.first { $0.value == value }.map { .string($0.text) } },
            decode: { node, decoder in
                if let scalar = node.scalar, !scalar.isNull {
                    if let match = values.first(where: { $0.text == scalar.text }) {
                        return match.value
                    }
                    let nearest =
                        scalar.isSecret
                        ? nil : EditDistance.nearest(to: scalar.text, among: texts)
                    decoder.addMismatch(
                        node, expected: shape.expected,
                        hint: nearest.map { "did you mean `\($0)`?" })
                } else {
                    decoder.addMismatch(node, expected: shape.expected)
                }
                return nil
            })
    }
}
