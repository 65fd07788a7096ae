/// URLs of what Martlet asks by itself: `https://host[:port]/path?query`.
enum URLText {
    /// Scheme, host and port as endpoints of upstreams have them; no user, no fragment.
    static func parse(_ text: String) throws(TextProblem) -> String {
        let isVisible = text.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "\\") }
        guard isVisible, let scheme = self.scheme(text), !text.contains("#") else {
            throw self.problem(text)
        }
        let authority = self.authority(text, scheme)
        // The message must not repeat a password.
        guard !authority.contains("@") else {
            throw TextProblem("this URL holds a user name or a password", hint: self.hint)
        }
        _ = try EndpointText.parse(scheme + authority)
        return text
    }

    /// `https://host[:port]` and nothing more.
    static func origin(_ text: String) throws(TextProblem) -> String {
        let shown = ConfigNode.quote(text)
        guard let scheme = self.scheme(text), !text.contains("@"),
            self.authority(text, scheme).utf8.count == text.utf8.count - scheme.utf8.count
        else {
            throw TextProblem(
                "\(shown) is not an origin",
                hint: "scheme and host alone, such as `https://app.example.com`")
        }
        _ = try EndpointText.parse(text)
        return text
    }

    /// Whether its host is this machine: nobody is on the way to it.
    static func isOfThisMachine(_ url: String) -> Bool {
        guard let scheme = self.scheme(url),
            let host = try? HostText.split(self.authority(url, scheme)).host
        else { return false }
        return IPAddressText.isThisMachine(host)
    }

    private static func scheme(_ text: String) -> String? {
        ["https://", "http://"].first { text.hasPrefix($0) }
    }

    private static func authority(_ text: String, _ scheme: String) -> Substring {
        text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    private static let hint = "begin with `https://`; no user, no fragment"

    private static func problem(_ text: String) -> TextProblem {
        TextProblem("\(ConfigNode.quote(text)) is not a URL", hint: self.hint)
    }
}
