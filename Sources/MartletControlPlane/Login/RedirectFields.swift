/// The fields of a redirect, as lines.
struct RedirectFields {
    private(set) var lines: [UInt8]

    /// - `parameters`: added to the query, encoded.
    init(to url: String, adding parameters: [(String, String)] = []) {
        var location = url
        if !parameters.isEmpty {
            location += url.contains("?") ? "&" : "?"
            location += FormParameters.encode(parameters)
        }
        self.lines = Array("location: \(location)\r\n".utf8)
    }

    /// Sent back by the same site and by links to it, never shown to scripts (RFC 6265 §4.1.2).
    ///
    /// - `seconds`: 0 takes the cookie away.
    mutating func setCookie(
        _ name: String, _ value: [UInt8], seconds: Int64, path: String, isSecure: Bool
    ) {
        let text = String(decoding: value, as: UTF8.self)
        self.lines += Array(
            ("set-cookie: \(name)=\(text); Path=\(path); Max-Age=\(seconds); HttpOnly; SameSite=Lax"
                + (isSecure ? "; Secure" : "") + "\r\n").utf8)
    }
}
