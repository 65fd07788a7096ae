/// The URL of an endpoint: `http://host[:port]`, `https` or `h2c`, and nothing more.
enum EndpointText {
    static func parse(_ text: String) throws(TextProblem) -> EndpointConfig {
        try self.read(text).endpoint
    }

    private static func read(
        _ text: String
    ) throws(TextProblem) -> (endpoint: EndpointConfig, port: Int?) {
        let shown = ConfigNode.quote(text)
        guard let scheme = text.firstRange(of: "://") else {
            throw TextProblem("\(shown) has no scheme", hint: "write `http://\(text)`")
        }
        var endpoint = EndpointConfig()
        switch text[..<scheme.lowerBound].lowercased() {
        case "http": break
        case "h2c": endpoint.isHTTP2 = true
        case "https": endpoint.isSecure = true
        default:
            throw TextProblem(
                "the scheme of \(shown) is neither `http` nor `https`",
                hint: "write `http://host:port`")
        }
        var authority = text[scheme.upperBound...]
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard !authority.contains("/"), !authority.contains("?"), !authority.contains("#") else {
            throw TextProblem(
                "an endpoint has no path or query, \(shown) has",
                hint: "write the path in the route: `rewrite: { add-prefix: … }`")
        }
        guard !authority.contains("@") else {
            // The message must not repeat a password.
            throw TextProblem(
                "an endpoint's URL holds no user name or password",
                hint: "set an `authorization` header in the route, from `${NAME}` or a file")
        }
        let parts = try self.address(authority, shown: shown)
        endpoint.host = parts.host
        endpoint.port = parts.port ?? (endpoint.isSecure ? 443 : 80)
        return (endpoint, parts.port)
    }

    /// The name of a service (RFC 2782) in the form of a URL: `http://_name._tcp.domain`.
    static func parseService(_ text: String) throws(TextProblem) -> EndpointConfig {
        let shown = ConfigNode.quote(text)
        let (endpoint, port) = try self.read(text)
        let labels = endpoint.host.split(separator: ".")
        guard labels.count >= 3, labels[0].hasPrefix("_"), labels[1].hasPrefix("_") else {
            throw TextProblem(
                "\(shown) is no service's name",
                hint: "write `http://_name._tcp.domain`, or `url` for a host name")
        }
        guard port == nil else {
            throw TextProblem(
                "\(shown) has a port", hint: "leave it out: the SRV records say it")
        }
        return endpoint
    }

    private static func address(
        _ authority: Substring, shown: String
    ) throws(TextProblem) -> (host: String, port: Int?) {
        let parts = try HostText.split(authority)
        guard IPAddressText.parse(parts.host) != nil || HostText.isName(parts.host) else {
            throw TextProblem("\(shown) has no host", hint: "write `http://host:port`")
        }
        guard parts.port != 0 else {
            throw TextProblem("the port of \(shown) is 0", hint: "write the port to connect to")
        }
        return parts
    }
}
