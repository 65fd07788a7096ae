/// What clients are told of the API as a protected resource (RFC 9728).
package struct ProtectedResourceConfig: Sendable, Equatable {
    /// Its identifier: a URL of which scheme, host and path are what clients call.
    package var resource = ""
    /// Issuers that give tokens; empty for those of `authentication.issuers`.
    package var authorizationServers: [String] = []
    /// Empty for those that routes ask for.
    package var scopes: [String] = []
    package var name: String?
    package var documentation: String?
    package var source = SourceLocation.unknown

    package init() {}

    /// Behind scheme and host (§3): `/.well-known/oauth-protected-resource`, the resource's path.
    package var path: String {
        let path = self.parts.path
        return "/.well-known/oauth-protected-resource" + (path == "/" ? "" : path)
    }

    /// The URL at which clients read the document.
    package var metadataURL: String { self.parts.origin + self.path }

    /// Scheme and host with port; the host alone; the path.
    package var parts: (origin: String, host: String, path: String) {
        let schemeEnd = self.resource.hasPrefix("https://") ? 8 : 7
        let rest = self.resource.dropFirst(schemeEnd)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
        let host = (try? HostText.split(authority).host) ?? String(authority)
        return (
            origin: String(self.resource.prefix(schemeEnd) + authority), host: host,
            path: path.isEmpty ? "/" : String(path)
        )
    }
}

/// Adds the route that serves the document.
enum ProtectedResourceRoute {
    static func add(to document: inout ConfigDocument) {
        guard let config = document.authentication.protectedResource else { return }
        var route = RouteConfig()
        route.name = "protected-resource"
        route.source = config.source
        // Of addresses and names without a dot nobody else has a route.
        if HostText.isName(config.parts.host), config.parts.host.contains(".") {
            route.match.hosts = [config.parts.host]
        }
        route.match.paths = [
            PathPatternConfig(kind: .template, text: config.path, source: config.source)
        ]
        route.match.methods = ["GET", "HEAD"]
        route.authentication = .none
        var reply = StaticReplyConfig()
        reply.headers = [
            HeaderValueConfig(name: "content-type", value: "application/json"),
            HeaderValueConfig(name: "cache-control", value: "max-age=3600"),
            // Clients in browsers read it too (§3.1); it is the same for everybody.
            HeaderValueConfig(name: "access-control-allow-origin", value: "*"),
        ]
        reply.body = self.body(config, document).text(isCompact: true)
        route.respond = reply
        document.routes.append(route)
    }

    private static func body(
        _ config: ProtectedResourceConfig, _ document: ConfigDocument
    ) -> JSONValue {
        var members: [JSONValue.Member] = [.init("resource", .string(config.resource))]
        func add(_ name: String, _ texts: [String]) {
            guard !texts.isEmpty else { return }
            members.append(.init(name, .array(texts.map { .string($0) })))
        }
        add(
            "authorization_servers",
            config.authorizationServers.isEmpty
                ? document.authentication.issuers.compactMap(\.issuer)
                : config.authorizationServers)
        add("scopes_supported", config.scopes.isEmpty ? self.scopes(document) : config.scopes)
        members.append(.init("bearer_methods_supported", .array([.string("header")])))
        if let name = config.name { members.append(.init("resource_name", .string(name))) }
        if let documentation = config.documentation {
            members.append(.init("resource_documentation", .string(documentation)))
        }
        return .object(members)
    }

    private static func scopes(_ document: ConfigDocument) -> [String] {
        var scopes: [String] = []
        for scope in document.routes.flatMap({ $0.access.flatMap(\.scopes) })
        where !scopes.contains(scope) {
            scopes.append(scope)
        }
        return scopes
    }
}
