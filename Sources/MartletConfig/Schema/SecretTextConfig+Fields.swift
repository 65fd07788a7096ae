extension ValueKind<SecretTextConfig> {
    /// A secret, or a file with one (`file:/run/secrets/key`); never shown.
    static func secret(_ expected: String, bytesMin: Int = 1) -> ValueKind {
        ValueKind(.text(expected: expected)) { node, decoder in
            let isFile = node.scalar?.text.hasPrefix("file:") ?? false
            guard var scalar = (decoder.contents(of: node) ?? node).scalar, !scalar.isNull else {
                decoder.addMismatch(node, expected: expected)
                return nil
            }
            guard !scalar.isMissing else { return nil }
            scalar.isSecret = true
            guard scalar.text.utf8.count >= bytesMin else {
                decoder.add(
                    at: node, "`<secret>` is too short",
                    hint: "at least \(bytesMin) bytes, such as `openssl rand -hex 32` prints")
                return nil
            }
            if !isFile, !scalar.isSubstituted {
                decoder.add(
                    .warning, at: node, "a secret stands in the file itself",
                    hint: "write `file:NAME` or `${NAME}`, and keep it elsewhere")
            }
            return SecretTextConfig(text: scalar.text, source: node.location)
        }
    }
}
