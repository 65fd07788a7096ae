import MartletConfig
import Testing

@Suite struct ProtectedResourceConfigTests {
    private func config(_ resource: String) -> ProtectedResourceConfig {
        var config = ProtectedResourceConfig()
        config.resource = resource
        return config
    }

    /// RFC 9728 §3.1.
    @Test(arguments: [
        ("https://resource.example.com", "https://resource.example.com", ""),
        ("https://resource.example.com/", "https://resource.example.com", ""),
        ("https://resource.example.com/resource1", "https://resource.example.com", "/resource1"),
        ("http://127.0.0.1:8080/a/b", "http://127.0.0.1:8080", "/a/b"),
    ])
    func theDocumentStandsBetweenHostAndPath(resource: String, origin: String, path: String) {
        let config = self.config(resource)
        #expect(config.path == "/.well-known/oauth-protected-resource" + path)
        #expect(config.metadataURL == origin + config.path)
    }

    @Test func theRouteTellsWhatTheDocumentSays() throws {
        let result = ConfigLoader.load(
            text: """
                listeners: { public: 127.0.0.1:0 }
                upstreams: { a: http://127.0.0.1:1 }
                authentication:
                  default: tokens
                  policies: { tokens: [jwt] }
                  issuers: { corp: { issuer: https://id.example.com, jwks-url: https://id.example.com/k } }
                  protected-resource: { resource: https://api.example.com/v1, name: "A \\"B\\"" }
                routes:
                  - { match: { prefix: / }, upstream: a, access: { scopes: [a:read, b] } }
                """, file: "martlet.yaml", environment: [:])
        let document = try #require(result.document, "\(result.diagnostics)")
        let route = try #require(document.routes.last)
        #expect(route.name == "protected-resource")
        #expect(route.match.hosts == ["api.example.com"])
        #expect(route.authentication == .none)
        #expect(
            route.respond?.body == """
                {"resource":"https://api.example.com/v1",\
                "authorization_servers":["https://id.example.com"],\
                "scopes_supported":["a:read","b"],"bearer_methods_supported":["header"],\
                "resource_name":"A \\"B\\""}
                """)
        #expect(
            document.authentication.resourceMetadata
                == "https://api.example.com/.well-known/oauth-protected-resource/v1")
    }
}
