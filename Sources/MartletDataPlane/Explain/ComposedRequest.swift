package import MartletHTTP

/// A request as someone would type it, made into the bytes that a client would send.
///
/// Nothing is checked: what is wrong with it is for the parser to find.
package struct ComposedRequest: Sendable {
    package let method: String
    package let url: String
    /// The whole head, the empty line included.
    package let head: [UInt8]
    package let peer: ClientAddress

    /// Writes the head.
    ///
    /// The URL is `http://host/path?query`, or the path alone; a fragment stays with the client.
    /// Headers are lines such as `x-a: b`, where `host` counts. `defaultHost` is what Host says
    /// when neither the URL nor a header does.
    package init(
        method: String, url: String, headers: [String], minorVersion: Int = 1,
        defaultHost: String, peer: ClientAddress
    ) {
        self.method = method
        self.url = url
        self.peer = peer
        let (authority, target) = Self.split(url)
        var text = "\(method) \(target) HTTP/1.\(minorVersion)\r\n"
        let hasHost = headers.contains { line in
            line.prefix { $0 != ":" }.lowercased() == "host"
        }
        if !hasHost { text += "Host: \(authority ?? defaultHost)\r\n" }
        for line in headers { text += line + "\r\n" }
        self.head = Array((text + "\r\n").utf8)
    }

    /// The authority, and the target in origin-form.
    private static func split(_ url: String) -> (authority: String?, target: String) {
        let url = url.prefix { $0 != "#" }
        if url.hasPrefix("/") || url == "*" { return (nil, String(url)) }
        var rest = url
        for scheme in ["http://", "https://"]
        where url.prefix(scheme.count).lowercased() == scheme {
            rest = url.dropFirst(scheme.count)
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(authority.count)
        return (String(authority), target.hasPrefix("/") ? String(target) : "/" + target)
    }
}
