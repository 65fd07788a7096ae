/// Unicode properties by name, as `\p{…}` takes them (ECMA-262 §22.2.1, tables 67 to 69): general
/// categories and a few of the others.
///
/// As new as the Unicode of the standard library.
extension ScalarSet {
    /// The set of a property's name, such as `L`, `Letter`, `gc=Lu` or `Alphabetic`.
    package static func property(_ name: String) -> ScalarSet? {
        if let equals = name.firstIndex(of: "=") {
            let key = name[..<equals]
            guard key == "General_Category" || key == "gc" else { return nil }
            return self.category(String(name[name.index(after: equals)...]))
        }
        return self.category(name) ?? self.binary(name)
    }

    /// Whether there is such a property, without making its set.
    static func isProperty(_ name: String) -> Bool {
        let value = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let names = self.categoryNames.flatMap { [$0.short, $0.long] } + self.aliases.keys
        if value.count == 2 {
            return ["General_Category", "gc"].contains(value[0]) && names.contains(String(value[1]))
        }
        return names.contains(name) || self.binaryNames.contains(name)
    }

    // MARK: - General categories

    /// Short and long names; a short name of one letter is all whose names begin with it.
    private static let categoryNames: [(short: String, long: String)] = [
        ("Lu", "Uppercase_Letter"), ("Ll", "Lowercase_Letter"), ("Lt", "Titlecase_Letter"),
        ("Lm", "Modifier_Letter"), ("Lo", "Other_Letter"), ("Mn", "Nonspacing_Mark"),
        ("Mc", "Spacing_Mark"), ("Me", "Enclosing_Mark"), ("Nd", "Decimal_Number"),
        ("Nl", "Letter_Number"), ("No", "Other_Number"), ("Pc", "Connector_Punctuation"),
        ("Pd", "Dash_Punctuation"), ("Ps", "Open_Punctuation"), ("Pe", "Close_Punctuation"),
        ("Pi", "Initial_Punctuation"), ("Pf", "Final_Punctuation"), ("Po", "Other_Punctuation"),
        ("Sm", "Math_Symbol"), ("Sc", "Currency_Symbol"), ("Sk", "Modifier_Symbol"),
        ("So", "Other_Symbol"), ("Zs", "Space_Separator"), ("Zl", "Line_Separator"),
        ("Zp", "Paragraph_Separator"), ("Cc", "Control"), ("Cf", "Format"), ("Cs", "Surrogate"),
        ("Co", "Private_Use"), ("Cn", "Unassigned"), ("L", "Letter"), ("M", "Mark"),
        ("N", "Number"), ("P", "Punctuation"), ("S", "Symbol"), ("Z", "Separator"), ("C", "Other"),
        ("LC", "Cased_Letter"),
    ]
    private static let aliases = [
        "digit": "Nd", "punct": "P", "cntrl": "Cc", "Combining_Mark": "M",
    ]

    private static func category(_ name: String) -> ScalarSet? {
        let alias = self.aliases[name] ?? name
        guard let names = self.categoryNames.first(where: { $0.short == alias || $0.long == alias })
        else { return nil }
        let wanted = names.short == "LC" ? ["Lu", "Ll", "Lt"] : [names.short]
        let parts = self.categories.filter { part in
            wanted.contains { part.key == $0 || ($0.count == 1 && part.key.hasPrefix($0)) }
        }
        return ScalarSet(parts.flatMap(\.value.ranges))
    }

    /// Every category with its set: one walk over Unicode, done when the first is asked for.
    private static let categories: [String: ScalarSet] = {
        var sets: [String: ScalarSet] = ["Cs": ScalarSet([0xd800...0xdfff])]
        var current = ""
        var start: UInt32 = 0
        func end(at next: UInt32) {
            if next > start { sets[current, default: ScalarSet()].append(start...next - 1) }
        }
        ScalarSet.walk { range, properties in
            let name = properties.map { ScalarSet.shortName($0.generalCategory) } ?? "Cs"
            if name != current {
                if current != "Cs" { end(at: range.lowerBound) }
                (current, start) = (name, range.lowerBound)
            }
        }
        end(at: ScalarSet.last + 1)
        return sets
    }()

    private static func shortName(_ category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }

    // MARK: - Properties that are or are not

    private static let binaryNames = [
        "Any", "ASCII", "Assigned", "Alphabetic", "Alpha", "Lowercase", "Lower", "Uppercase",
        "Upper", "White_Space", "space", "ID_Start", "IDS", "ID_Continue", "IDC", "Hex_Digit",
        "Hex", "ASCII_Hex_Digit", "AHex", "Emoji", "Ideographic", "Ideo",
    ]

    private static func binary(_ name: String) -> ScalarSet? {
        switch name {
        case "Any": .everything
        case "ASCII": ScalarSet([0...0x7f])
        case "Assigned": self.category("Cn")?.inverted
        case "Alphabetic", "Alpha": self.all { $0.isAlphabetic }
        case "Lowercase", "Lower": self.all { $0.isLowercase }
        case "Uppercase", "Upper": self.all { $0.isUppercase }
        case "White_Space", "space": self.all { $0.isWhitespace }
        case "ID_Start", "IDS": self.all { $0.isIDStart }
        case "ID_Continue", "IDC": self.all { $0.isIDContinue }
        case "Hex_Digit", "Hex": self.all { $0.isHexDigit }
        case "ASCII_Hex_Digit", "AHex": self.all { $0.isASCIIHexDigit }
        case "Emoji": self.all { $0.isEmoji }
        case "Ideographic", "Ideo": self.all { $0.isIdeographic }
        default: nil
        }
    }

    private static func all(where isWanted: (Unicode.Scalar.Properties) -> Bool) -> ScalarSet {
        var set = ScalarSet()
        self.walk { range, properties in
            if let properties, isWanted(properties) { set.append(range) }
        }
        return set
    }

    /// Every code point in order, with its properties where it is a scalar.
    ///
    /// Planes 4 to 13 hold nothing but what is unassigned, and planes 15 and 16 nothing but what is
    /// for private use, so that they are asked for once each.
    private static func walk(
        _ visit: (ClosedRange<UInt32>, Unicode.Scalar.Properties?) -> Void
    ) {
        var scalar: UInt32 = 0
        while scalar <= Self.last {
            var end = scalar
            switch scalar {
            case 0xd800: end = 0xdfff
            case 0x40000: end = 0xdffff
            case 0xf0000: end = 0xffffd
            case 0x10_0000: end = 0x10_fffd
            default: break
            }
            visit(scalar...end, Unicode.Scalar(scalar)?.properties)
            scalar = end + 1
        }
    }
}
