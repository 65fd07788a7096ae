/// What a mapping of the configuration file says as JSON, for values that are JSON themselves.
///
/// Plain scalars that JSON has are taken as it has them (YAML 1.2 §10.2); all others are texts.
enum InlineJSON {
    static func text(_ node: ConfigNode) -> String {
        self.value(node).text(isCompact: true)
    }

    private static func value(_ node: ConfigNode) -> JSONValue {
        switch node.value {
        case .mapping(let entries):
            .object(entries.map { JSONValue.Member($0.key, self.value($0.node)) })
        case .sequence(let nodes): .array(nodes.map(self.value))
        case .scalar(let scalar): self.scalar(scalar)
        }
    }

    private static func scalar(_ scalar: ConfigNode.Scalar) -> JSONValue {
        guard scalar.isPlain else { return .string(scalar.text) }
        switch scalar.text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null", "~",
            "" where !scalar.isSubstituted:
            return .null
        default: break
        }
        return self.isNumber(Array(scalar.text.utf8)) ? .number(scalar.text) : .string(scalar.text)
    }

    /// RFC 8259 §6.
    private static func isNumber(_ text: [UInt8]) -> Bool {
        var index = text.first == UInt8(ascii: "-") ? 1 : 0
        guard let whole = self.digits(text, &index), whole == 1 || text[index - whole] != 0x30
        else { return false }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            guard self.digits(text, &index) != nil else { return false }
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, [0x2b, 0x2d].contains(text[index]) { index += 1 }
            guard self.digits(text, &index) != nil else { return false }
        }
        return index == text.count
    }

    private static func digits(_ text: [UInt8], _ index: inout Int) -> Int? {
        let start = index
        while index < text.count, text[index] &- 0x30 < 10 { index += 1 }
        return index > start ? index - start : nil
    }
}
