/// One label of a host name (RFC 1123 §2.1, RFC 5890 to 5893).
///
/// Which characters IDNA allows is taken from the general categories that the standard library
/// knows, with the exceptions and context rules of RFC 5892 §2.6 and appendix A; the rule for
/// right-to-left labels (RFC 5893) is not applied.
enum FormatLabel {
    /// Bytes of the label as it is looked up, or `nil` if it is none.
    static func byteCount(_ label: [UInt32], allowsUnicode: Bool) -> Int? {
        guard !label.isEmpty, label.first != 0x2d, label.last != 0x2d else { return nil }
        if label.allSatisfy({ $0 < 0x80 }) {
            guard label.count <= 63, label.allSatisfy(self.isLDH) else { return nil }
            guard label.count >= 4, label[2] == 0x2d, label[3] == 0x2d else { return label.count }
            // Of the labels with two hyphens there, only those of IDNA are used (RFC 5890 §2.3.1).
            guard label[0] | 0x20 == 0x78, label[1] | 0x20 == 0x6e,
                let decoded = Punycode.decoded(label[4...]), !decoded.isEmpty,
                decoded.contains(where: { $0 >= 0x80 }), self.isUnicodeLabel(decoded)
            else { return nil }
            return label.count
        }
        guard allowsUnicode, self.isUnicodeLabel(label) else { return nil }
        let count = 4 + Punycode.encodedCount(label)
        return count <= 63 ? count : nil
    }

    private static func isLDH(_ scalar: UInt32) -> Bool {
        guard let byte = UInt8(exactly: scalar) else { return false }
        return byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-")
    }

    private static func isUnicodeLabel(_ label: [UInt32]) -> Bool {
        if label.first == 0x2d || label.last == 0x2d { return false }
        if label.count >= 4, label[2] == 0x2d, label[3] == 0x2d { return false }
        guard let first = label.first.flatMap(Unicode.Scalar.init) else { return false }
        switch first.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return false
        default: break
        }
        return label.indices.allSatisfy { self.isAllowed(label, at: $0) }
    }

    private static func isAllowed(_ label: [UInt32], at index: Int) -> Bool {
        let scalar = label[index]
        switch scalar {
        case 0..<0x80: return self.isLDH(scalar)
        // RFC 5892 §2.6: valid, whatever their category says.
        case 0xdf, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007: return true
        // Not valid, whatever their category says.
        case 0x640, 0x7fa, 0x302e, 0x302f, 0x3031...0x3035, 0x303b: return false
        // Appendix A: valid between or beside certain others.
        case 0xb7:
            return self.scalar(label, index - 1) == 0x6c && self.scalar(label, index + 1) == 0x6c
        case 0x375: return self.isIn(0x370...0x3ff, label, index + 1)
        case 0x5f3, 0x5f4: return self.isIn(0x590...0x5ff, label, index - 1)
        case 0x30fb: return label.contains(where: self.isJapanese)
        case 0x200c, 0x200d: return self.isVirama(self.scalar(label, index - 1))
        case 0x660...0x669: return !label.contains { 0x6f0...0x6f9 ~= $0 }
        case 0x6f0...0x6f9: return !label.contains { 0x660...0x669 ~= $0 }
        default: break
        }
        guard let character = Unicode.Scalar(scalar) else { return false }
        let properties = character.properties
        guard !properties.isDefaultIgnorableCodePoint, properties.changesWhenNFKCCaseFolded == false
        else { return false }
        switch properties.generalCategory {
        case .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
            .decimalNumber:
            return true
        default: return false
        }
    }

    private static func scalar(_ label: [UInt32], _ index: Int) -> UInt32 {
        label.indices.contains(index) ? label[index] : 0
    }

    private static func isIn(
        _ range: ClosedRange<UInt32>, _ label: [UInt32], _ index: Int
    ) -> Bool {
        range ~= self.scalar(label, index)
    }

    /// Hiragana, Katakana or Han.
    private static func isJapanese(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x30fb: false
        case 0x3005, 0x3007, 0x3041...0x30ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff,
            0x20000...0x3134f:
            true
        default: false
        }
    }

    private static func isVirama(_ scalar: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        return scalar.properties.canonicalCombiningClass == .virama
    }
}
