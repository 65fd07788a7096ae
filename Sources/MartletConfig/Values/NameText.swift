import MartletHTTP

/// Names that users give to things, and names of HTTP fields.
enum NameText {
    /// Listener and upstream names, which become metric labels.
    static func check(_ text: String) throws(TextProblem) {
        let isWellFormed = text.utf8.allSatisfy {
            0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || $0 == 0x2d || $0 == 0x2e
                || $0 == 0x5f
        }
        guard isWellFormed, 1...64 ~= text.utf8.count else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a name",
                hint: "names are 1–64 letters, digits, `-`, `_` and `.`")
        }
    }

    /// Route names may hold a path, so all but controls.
    static func route(_ text: String) throws(TextProblem) -> String {
        let hasControl = text.unicodeScalars.contains { $0.value < 0x20 || 0x7f...0x9f ~= $0.value }
        guard 1...128 ~= text.utf8.count, !hasControl else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a route name",
                hint: "names have 1–128 bytes and no control characters")
        }
        return text
    }

    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { ByteClass.table[Int($0)] & ByteClass.token != 0 }
    }

    static func token(_ text: String, what: String) throws(TextProblem) -> String {
        guard self.isToken(text) else {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not \(what)",
                hint: "use letters, digits and any of !#$%&'*+-.^_`|~")
        }
        return text
    }

    /// A header name, in lower case.
    static func header(_ text: String) throws(TextProblem) -> String {
        if text.hasPrefix(":") {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is a pseudo-header, which has a key of its own")
        }
        if text.hasSuffix(":"), self.isToken(text.dropLast()) {
            throw TextProblem(
                "\(ConfigNode.quote(text)) is not a header name", hint: "leave the colon out")
        }
        return try self.token(text, what: "a header name").lowercased()
    }

    /// A method: a token, upper case as they all are, and not CONNECT.
    static func method(_ text: String) throws(TextProblem) -> String {
        let method = try self.token(text, what: "a method")
        guard method == method.uppercased() else {
            throw TextProblem(
                "methods are upper case, found \(ConfigNode.quote(text))",
                hint: "did you mean `\(method.uppercased())`?")
        }
        guard method != "CONNECT" else {
            throw TextProblem(
                "`CONNECT` is not supported by this version",
                hint: "leave it out; it is answered 501")
        }
        return method
    }

    /// `application/json` or `text/*`, in lower case.
    static func mediaType(_ text: String) throws(TextProblem) -> String {
        let shown = ConfigNode.quote(text)
        guard !text.contains(";") else {
            throw TextProblem(
                "\(shown) has parameters", hint: "types are compared without what follows `;`")
        }
        guard text != "*/*", text != "*" else {
            throw TextProblem(
                "\(shown) is every media type", hint: "leave `content-type` out to match them all")
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, self.isToken(parts[0]), self.isToken(parts[1]),
            !parts[0].contains("*"), parts[1] == "*" || !parts[1].contains("*")
        else {
            throw TextProblem(
                "\(shown) is not a media type", hint: "write `application/json` or `text/*`")
        }
        return text.lowercased()
    }
}
