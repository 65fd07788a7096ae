import Foundation
import MartletConfig

/// One test of the Gateway API's HTTPRoute conformance suite, as far as matching needs it.
struct GatewayAPITest: Decodable, Sendable {
    var test: String
    var gateways: [Gateway]
    var routes: [Route]
    var cases: [Case]

    struct Gateway: Decodable, Sendable {
        var metadata: Metadata
        var spec: Spec
        struct Spec: Decodable, Sendable { var listeners: [Listener] }
        struct Listener: Decodable, Sendable {
            var name: String
            var port: Int
            var hostname: String?
        }
    }

    struct Metadata: Decodable, Sendable { var name: String }

    struct Route: Decodable, Sendable {
        var metadata: Metadata
        var spec: Spec
        struct Spec: Decodable, Sendable {
            var parentRefs: [ParentRef]?
            var hostnames: [String]?
            var rules: [Rule]?
        }
        struct ParentRef: Decodable, Sendable {
            var name: String
            var sectionName: String?
            var port: Int?
        }
        struct Rule: Decodable, Sendable {
            var matches: [Match]?
            var backendRefs: [BackendRef]?
        }
        struct BackendRef: Decodable, Sendable { var name: String }
        struct Match: Decodable, Sendable {
            var path: Path?
            var method: String?
            var headers: [Field]?
            var queryParams: [Field]?
        }
        struct Path: Decodable, Sendable {
            var type: String?
            var value: String?
        }
        struct Field: Decodable, Sendable {
            var name: String
            var value: String
        }
    }

    struct Case: Decodable, Sendable {
        var backend: String?
        var request: Request
        var response: Response?

        enum CodingKeys: String, CodingKey {
            case backend = "Backend"
            case request = "Request"
            case response = "Response"
        }
        struct Request: Decodable, Sendable {
            var host: String?
            var method: String?
            var path: String
            var headers: [String: String]?

            enum CodingKeys: String, CodingKey {
                case host = "Host"
                case method = "Method"
                case path = "Path"
                case headers = "Headers"
            }
        }
        struct Response: Decodable, Sendable {
            var status: Int?
            enum CodingKeys: String, CodingKey { case status = "StatusCode" }
        }
    }
}

/// A manifest in Martlet's terms: each match of each rule is a route, each gateway port a listener.
struct GatewayAPITranslation {
    private(set) var listeners: [String] = []
    private(set) var routes: [RouteConfig] = []
    /// For each route, the backends of its rule.
    private(set) var backends: [[String]] = []

    /// Gateways of the suite's base manifests: one listener on port 80, without a host name.
    private static let baseListener = GatewayAPITest.Gateway.Listener(
        name: "http", port: 80, hostname: nil)

    init(_ test: GatewayAPITest) {
        for route in test.routes {
            for parent in route.spec.parentRefs ?? [] {
                let gateway = test.gateways.first { $0.metadata.name == parent.name }
                let sections = (gateway?.spec.listeners ?? [Self.baseListener]).filter {
                    (parent.sectionName ?? $0.name) == $0.name
                        && (parent.port ?? $0.port) == $0.port
                }
                for section in sections { self.attach(route, gateway: parent.name, section) }
            }
        }
    }

    private mutating func attach(
        _ route: GatewayAPITest.Route, gateway: String, _ section: GatewayAPITest.Gateway.Listener
    ) {
        // Gateways with listeners of their own share a port in these tests; their hosts are apart.
        let isBase = section.name == Self.baseListener.name
        let listener = isBase ? gateway : "port-\(section.port)"
        if !self.listeners.contains(listener) { self.listeners.append(listener) }
        guard let hosts = Self.hosts(route.spec.hostnames ?? [], within: section.hostname)
        else { return }
        for rule in route.spec.rules ?? [] {
            for match in rule.matches ?? [GatewayAPITest.Route.Match()] {
                var config = RouteConfig()
                config.name = "\(route.metadata.name) #\(self.routes.count)"
                config.listeners = [listener]
                config.match = Self.conditions(match)
                config.match.hosts = hosts
                self.routes.append(config)
                self.backends.append((rule.backendRefs ?? []).map(\.name))
            }
        }
    }

    /// What both the route and the listener accept; `nil` if that is nothing, empty if it is all.
    static func hosts(_ route: [String], within listener: String?) -> [String]? {
        guard let listener else { return route }
        guard !route.isEmpty else { return [listener] }
        let hosts = route.compactMap { host -> String? in
            if self.contains(listener, host) { return host }
            return self.contains(host, listener) ? listener : nil
        }
        return hosts.isEmpty ? nil : hosts
    }

    private static func contains(_ pattern: String, _ host: String) -> Bool {
        guard pattern.hasPrefix("*.") else { return pattern == host }
        return pattern == host
            || host.hasSuffix(pattern.dropFirst()) && !host.hasPrefix("*." + pattern.dropFirst(2))
    }

    private static func conditions(_ match: GatewayAPITest.Route.Match) -> RouteMatchConfig {
        var config = RouteMatchConfig()
        let isExact = match.path?.type == "Exact"
        config.paths = [
            PathPatternConfig(kind: isExact ? .template : .prefix, text: match.path?.value ?? "/")
        ]
        config.methods = match.method.map { [$0] } ?? []
        config.headers = (match.headers ?? []).map {
            FieldMatchConfig(name: $0.name, test: .equals($0.value))
        }
        config.query = (match.queryParams ?? []).map {
            FieldMatchConfig(name: $0.name, test: .equals($0.value))
        }
        return config
    }
}
