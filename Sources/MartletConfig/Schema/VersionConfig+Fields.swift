extension VersionConfig {
    static let record = Record(
        "`version`", "How far a version of an API is on its way out.",
        fields: [
            Field(
                "deprecated", \.deprecated, ScheduleText.kind.optional,
                """
                From when on answers say `Deprecation` (RFC 9745): `2026-01-31`, or with a time, \
                `2026-01-31T12:00:00Z`. A day to come is announced from now on.
                """),
            Field(
                "sunset", \.sunset, ScheduleText.kind.optional,
                """
                From when on it is answered with 410; until then answers say so with `Sunset` \
                (RFC 8594).
                """),
            Field(
                "successor", \.successor, linkKind.optional,
                "Where the next version is: a path, or a URL."),
            Field(
                "documentation", \.documentation, linkKind.optional,
                "Where the change is explained: a path, or a URL."),
        ],
        initial: { VersionConfig() },
        check: { node, version, decoder in
            version.source = node.location
            if version.deprecated == nil, version.sunset == nil {
                decoder.add(
                    at: node, "this version has neither `deprecated` nor `sunset`",
                    hint: "say from when on: `deprecated: 2026-01-31`")
            }
            if let deprecated = version.deprecated, let sunset = version.sunset,
                sunset < deprecated, let given = node["sunset"]
            {
                // RFC 9745 §4.
                decoder.add(
                    at: given, "`sunset` lies before `deprecated`",
                    hint: "a version is deprecated first")
            }
        })

    private static let linkKind = ValueKind<String>.text(
        "a path or URL", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let isWellFormed = text.utf8.allSatisfy { byte in
                0x21...0x7e ~= byte && !"<>\"\\^`{|}".utf8.contains(byte)
            }
            guard isWellFormed,
                text.hasPrefix("/") || text.hasPrefix("https://") || text.hasPrefix("http://")
            else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) is neither a path nor a URL",
                    hint: "begin it with `/` or `https://`")
            }
            return text
        })
}

/// Days and moments: `2026-01-31`, `2026-01-31T12:00:00Z`.
enum ScheduleText {
    static let kind = ValueKind<Int>.text(
        "a day such as `2026-01-31`", pattern: #"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$"#,
        parse: Self.seconds)

    /// - Returns: seconds since 1970; a day begins at 00:00 UTC.
    static func seconds(_ text: String) throws(TextProblem) -> Int {
        let bytes = Array(text.utf8)
        let hasTime = bytes.count == 20
        guard bytes.count == 10 || hasTime, bytes[4] == 0x2d, bytes[7] == 0x2d,
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), 1970...9999 ~= year, 1...12 ~= month,
            1...Self.days(in: month, of: year) ~= day
        else { throw Self.problem(text) }
        var seconds = Self.dayNumber(year, month, day) * 86_400
        if hasTime {
            guard bytes[10] == 0x54, bytes[13] == 0x3a, bytes[16] == 0x3a, bytes[19] == 0x5a,
                let hour = Self.number(bytes[11..<13]), let minute = Self.number(bytes[14..<16]),
                let second = Self.number(bytes[17..<19]), hour < 24, minute < 60, second < 60
            else { throw Self.problem(text) }
            seconds += hour * 3600 + minute * 60 + second
        }
        return seconds
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard 0x30...0x39 ~= digit else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days since 1970-01-01 in the Gregorian calendar, years counted from March.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func problem(_ text: String) -> TextProblem {
        TextProblem(
            "\(ConfigNode.quote(text)) is no day",
            hint: "write `2026-01-31`, or `2026-01-31T12:00:00Z`", neutral: "it is no day")
    }
}
