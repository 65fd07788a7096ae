import Foundation
import MartletConfig
import Testing

/// Each exception there is, before and after its end.
@Suite struct ExceptionTests {
    private struct Unexpected: Error {}

    /// Of the day that the cases name.
    static let end = Int64(86_400)

    private static func stated(_ value: String) -> String {
        "{ value: \(value), until: 1970-01-01, reason: a test }"
    }

    /// A configuration with one exception and nothing else to say about.
    private static func text(_ kind: ExceptionKind) -> String {
        var (listener, upstream, route) = ("", "http://127.0.0.1:9001", "")
        var (egress, policy, identity) = ("10.0.0.0/8", "[basic]", "")
        switch kind {
        case .insecure:
            upstream =
                "{ endpoints: https://127.0.0.1:9001, tls: { insecure: \(stated("true")), "
                + "server-name: later.example } }"
        case .egress: egress = "[10.0.0.0/8, \(stated("127.0.0.0/8"))]"
        case .trustedProxies: listener = ", trusted-proxies: [10.0.0.1, \(stated("0.0.0.0/0"))]"
        case .exposeInternals:
            listener = ", address: \"0.0.0.0:8080\", expose-internals: \(stated("true"))"
        case .openRoute: route = ", authentication: \(stated("none"))"
        case .anonymous: policy = "{ methods: [basic], anonymous: \(stated("guest")) }"
        case .keyInQuery: policy = "[{ api-key: { query: \(stated("key")) } }]"
        case .unsignedBodies:
            policy = "[{ signature: { require-digest: \(stated("false")) } }]"
        case .endlessTokens:
            identity = "require-expiry: \(stated("false")) } }"
        case .plainSession:
            identity =
                "} }\n  logins: { l: { issuer: i, client-id: c, client-secret: \"${SECRET}\", "
                + "session: { secret: \"${SECRET}\", secure: \(stated("false")) } } }"
        case .onFailure:
            route =
                ", external-authorization: { url: \"http://127.0.0.1:1/\", on-failure: "
                + "\(stated("allow")) }"
        case .corsCredentials:
            route = ", cors: { origins: \"http://a.example\", credentials: \(stated("true")) }"
        case .corsPrivateNetwork:
            route = ", cors: { origins: \"*\", private-network: \(stated("true")) }"
        case .pathSpelling: route = ", allow: [\(stated("encoded-slash"))]"
        case .inspection:
            route =
                ", inspect: { exceptions: [{ parameter: a, rules: sql-union, "
                + "until: 1970-01-01, reason: a test }] }"
        }
        if !listener.contains("address:") { listener += ", address: \"127.0.0.1:8080\"" }
        return """
            listeners: { a: { \(listener.dropFirst(2)) } }
            egress: { allow: \(egress) }
            upstreams: { u: \(upstream) }
            consumers:
              guest: {}
              known:
                api-keys: "hmac-sha256:\(String(repeating: "0", count: 64))"
                passwords: { user: a, hash: $2b$10$a }
                signing-keys: { id: a, secret: "${SECRET}" }
            authentication:
              key-secret: "${SECRET}"
              policies: { p: \(policy) }
              default: p
              issuers: { i: { issuer: "https://id.example", audiences: c, \
            jwks-url: "https://id.example/keys", \(identity.isEmpty ? "} }" : identity)
            routes: [{ upstream: u\(route) }]

            """
    }

    private static func load(_ text: String, now: Int64? = nil) -> ConfigLoadResult {
        ConfigLoader.load(
            text: text, file: "martlet.yaml", environment: ["SECRET": FullConfig.digits], now: now)
    }

    /// Whether what the exception is about is open.
    private static func isOpen(_ document: ConfigDocument, _ kind: ExceptionKind) -> Bool {
        let route = document.routes[0]
        let policy = document.authentication.policies[0]
        switch kind {
        case .insecure: return document.upstreams[0].tls.isInsecure
        case .egress: return document.egress.allow == ["10.0.0.0/8", "127.0.0.0/8"]
        case .trustedProxies: return document.listeners[0].trustedProxies.count == 2
        case .exposeInternals: return document.listeners[0].exposeInternals
        case .openRoute: return document.policy(of: route) == nil
        case .anonymous: return policy.anonymous == "guest"
        case .keyInQuery:
            guard case .apiKey(let method) = policy.methods[0] else { return false }
            return method.places == [.query("key")]
        case .unsignedBodies:
            guard case .signature(let method) = policy.methods[0] else { return false }
            return !method.requiresDigest
        case .endlessTokens: return !document.authentication.issuers[0].requiresExpiry
        case .plainSession: return !document.authentication.logins[0].session.isSecure
        case .onFailure: return route.externalAuthorization?.onFailure == .allow
        case .corsCredentials: return route.cors?.credentials == true
        case .corsPrivateNetwork: return route.cors?.privateNetwork == true
        case .pathSpelling: return route.allow == [.encodedSlash]
        case .inspection: return route.inspection?.exceptions.count == 1
        }
    }

    @Test(arguments: ExceptionKind.allCases)
    func endsByItself(kind: ExceptionKind) throws {
        let document = try Self.load(Self.text(kind)).get()
        let exception = try #require(document.exceptions.first)
        #expect(document.exceptions.count == 1)
        #expect(exception.kind == kind)
        #expect(exception.terms.end == Self.end && exception.terms.reason == "a test")
        #expect(exception.terms.source.line > 0)
        let key = kind.rawValue.split(separator: ".").last ?? ""
        #expect(exception.terms.place.contains(key), "\(exception.terms.place)")

        let before = document.strict(at: Self.end - 1)
        #expect(before == document)
        #expect(Self.isOpen(before, kind))
        let after = document.strict(at: Self.end)
        #expect(!Self.isOpen(after, kind))
        #expect(after.exceptions.isEmpty)
    }

    @Test(arguments: ExceptionKind.allCases)
    func isToldOnceWhenItIsOver(kind: ExceptionKind) {
        #expect(Self.load(Self.text(kind), now: Self.end - 1).diagnostics.map(\.message) == [])
        #expect(
            Self.load(Self.text(kind), now: Self.end).diagnostics.map(\.message)
                == ["this exception is over: it changes nothing any more"])
    }

    /// The other elements of a list stay, with their own terms.
    @Test func elementsEndOneByOne() throws {
        let document = try Self.load(
            """
            listeners: { a: ":8080" }
            upstreams:
              u:
                endpoints: http://u.example
                egress:
                  allow:
                    - 10.0.0.0/8
                    - { value: 10.1.0.0/16, until: 1970-01-01, reason: the old network }
                    - { value: 10.2.0.0/16, until: 1970-01-02, reason: the new network }
                    - { value: 10.3.0.0/16, reason: for good }
            routes: [{ upstream: u }]

            """
        ).get()
        let allowed = { (now: Int64) in document.strict(at: now).upstreams[0].egress.allow }
        #expect(allowed(0) == ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"])
        #expect(allowed(Self.end) == ["10.0.0.0/8", "10.2.0.0/16", "10.3.0.0/16"])
        #expect(allowed(.max) == ["10.0.0.0/8", "10.3.0.0/16"])
        #expect(
            document.exceptions.map(\.terms.place)
                == (1...3).map { "upstreams.u.egress.allow[\($0)]" })
    }

    /// A key is looked for in the other places, or where it is by default.
    @Test func aKeyInTheQueryLeavesTheOtherPlaces() throws {
        let text = Self.text(.keyInQuery)
        let alone = try Self.load(text).get().strict(at: Self.end)
        guard case .apiKey(let method) = alone.authentication.policies[0].methods[0] else {
            throw Unexpected()
        }
        #expect(method.places == [.header("x-api-key")])
        let both = text.replacing("{ query:", with: "{ header: x-key, query:")
        let document = try Self.load(both).get().strict(at: Self.end)
        guard case .apiKey(let method) = document.authentication.policies[0].methods[0] else {
            throw Unexpected()
        }
        #expect(method.places == [.header("x-key")])
    }

    @Test func policiesOfOneRouteHaveThemToo() throws {
        let text = Self.text(.onFailure).replacing(
            "routes: [{ upstream: u",
            with: "routes: [{ upstream: u, authentication: { methods: [basic], anonymous: "
                + "{ value: guest, until: 1970-01-01, reason: a test } }")
        let document = try Self.load(text).get()
        #expect(document.exceptions.map(\.kind) == [.anonymous, .onFailure])
        let route = document.strict(at: Self.end).routes[0]
        guard case .inline(let policy) = route.authentication else { throw Unexpected() }
        #expect(policy.anonymous == nil)
    }

    @Test func thePageHasARowForEach() throws {
        let url = GoldenFile.root.appending(path: "docs/exceptions.md")
        let page = try String(contentsOf: url, encoding: .utf8)
        for kind in ExceptionKind.allCases {
            #expect(page.contains("| `\(kind.rawValue)`"), "\(kind.rawValue)")
        }
    }
}
