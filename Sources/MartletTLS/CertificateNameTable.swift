/// Which of several certificates is for a server's name: the one that has it exactly, else the one
/// with a wildcard for its first label (RFC 9525 §6.3).
///
/// Made when a plan is compiled, immutable. Asked once for each connection, never for a request.
package struct CertificateNameTable: Sendable, Equatable {
    private var exact: [[UInt8]: Int] = [:]
    /// By what follows the `*`: `.example.com`.
    private var wildcards: [[UInt8]: Int] = [:]

    /// Of two certificates with one name the first counts.
    ///
    /// - `names`: for each certificate its DNS names, `www.example.com` or `*.example.com`.
    package init(_ names: [[String]]) {
        for (index, names) in names.enumerated() {
            for name in names {
                let key = Array(name.lowercased().utf8)
                if key.first == UInt8(ascii: "*") {
                    let suffix = Array(key.dropFirst())
                    if self.wildcards[suffix] == nil { self.wildcards[suffix] = index }
                } else if self.exact[key] == nil {
                    self.exact[key] = index
                }
            }
        }
    }

    /// The certificate's index; `nil` if none has the name.
    ///
    /// - `name`: in lower case, without a dot at the end.
    package func index(of name: [UInt8]) -> Int? {
        if let index = self.exact[name] { return index }
        guard !self.wildcards.isEmpty, let dot = name.firstIndex(of: UInt8(ascii: ".")), dot > 0
        else { return nil }
        return self.wildcards[Array(name[dot...])]
    }

    /// Whether `*` stands for a whole label in front of two or more, and nowhere else.
    package static func isWildcard(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 3 && labels[0] == "*"
            && labels.dropFirst().allSatisfy { !$0.isEmpty && !$0.contains("*") }
    }
}
