/// Replaces `${NAME}` and `${NAME:-default}` in a scalar; `$${` stands for `${`.
///
/// What is put in is text: it never becomes YAML structure and is not searched again.
struct EnvironmentSubstitution {
    struct Problem: Equatable {
        var message: String
        var hint: String?
    }

    let environment: [String: String]
    private(set) var problems: [Problem] = []

    init(environment: [String: String]) {
        self.environment = environment
    }

    mutating func substitute(in text: String, isPlain: Bool) -> ConfigNode.Scalar {
        guard text.contains("${") else {
            return ConfigNode.Scalar(text: text, templateText: text, isPlain: isPlain)
        }
        var scalar = ConfigNode.Scalar(text: "", templateText: "", isPlain: isPlain)
        var rest = Substring(text)
        var isWhole = false
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            if before.hasSuffix("$") {
                scalar.append(String(before.dropLast()))
                scalar.appendSubstituted("${")
                rest = rest[start.upperBound...]
                continue
            }
            scalar.append(String(before))
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                self.problems.append(
                    Problem(
                        message: "`${` is not closed",
                        hint: "write `${NAME}`, or `$${` for the text `${`"))
                scalar.isMissing = true
                return scalar
            }
            let expression = rest[start.upperBound..<end]
            rest = rest[rest.index(after: end)...]
            isWhole = before.isEmpty && rest.isEmpty && scalar.text.isEmpty
            self.append(expression, to: &scalar)
        }
        scalar.append(String(rest))
        if isWhole { scalar.isPlain = true }
        return scalar
    }

    private mutating func append(_ expression: Substring, to scalar: inout ConfigNode.Scalar) {
        let parts = expression.firstRange(of: ":-")
        let name = String(parts.map { expression[..<$0.lowerBound] } ?? expression)
        scalar.isSubstituted = true
        guard Self.isName(name) else {
            self.problems.append(
                Problem(
                    message:
                        "\(ConfigNode.quote("${\(expression)}")) names no environment variable",
                    hint: "write `${NAME}` or `${NAME:-default}`, or `$${` for the text `${`"))
            scalar.isMissing = true
            return
        }
        if let value = self.environment[name], !(value.isEmpty && parts != nil) {
            scalar.isSecret = true
            scalar.appendSubstituted(value)
        } else if let parts {
            scalar.appendSubstituted(String(expression[parts.upperBound...]))
        } else {
            self.problems.append(
                Problem(
                    message: "the environment variable `\(name)` is not set",
                    hint: "set it, or give a default: `${\(name):-default}`"))
            scalar.isMissing = true
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39 ~= first) else { return false }
        return name.utf8.allSatisfy {
            0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || $0 == 0x5f
        }
    }
}

extension ConfigNode.Scalar {
    fileprivate mutating func append(_ text: String) {
        self.text += text
        self.templateText += text
    }

    /// Puts a file's content in place of the text.
    mutating func setSubstituted(_ text: String) {
        self.text = ""
        self.templateText = ""
        self.appendSubstituted(text)
    }

    fileprivate mutating func appendSubstituted(_ text: String) {
        self.text += text
        for character in text.unicodeScalars {
            self.templateText += character == "{" ? "{{" : String(character)
        }
    }
}
