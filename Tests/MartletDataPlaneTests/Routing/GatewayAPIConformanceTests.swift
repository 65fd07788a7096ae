import Foundation
import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

/// The Gateway API's HTTPRoute conformance cases, as far as the match goes.
///
/// Redirects, rewrites, header edits, CORS answers and timeouts need the whole exchange; here it
/// is only checked that their rule is the one that matches.
@Suite struct GatewayAPIConformanceTests {
    static let file = "../shared/conformance/routing/gateway-api-httproute.json"

    /// Empty, with a line that says so, where the data is not there.
    static let tests: [GatewayAPITest] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../..").standardizedFileURL
        let url = root.appending(path: Self.file).standardizedFileURL
        guard let bytes = try? Data(contentsOf: url) else {
            print("skipped: Gateway API cases, \(Self.file) is not there")
            return []
        }
        do {
            return try JSONDecoder().decode([GatewayAPITest].self, from: bytes)
        } catch {
            Issue.record("\(Self.file): \(error)")
            return []
        }
    }()

    /// Tests that are not run here at all, and why.
    static let leftOut: [String: String] = [
        "HTTPRouteRedirectPortAndScheme": "the case's gateway is not in the data; end to end",
        "HTTPRouteBackendProtocolWebSocket": "no request in the data",
        "HTTPRouteDisallowedKind": "no request: status of Kubernetes objects",
        "HTTPRouteHTTPSListenerDetectMisdirectedRequests": "no request in the data; TLS",
        "HTTPRouteHTTPSListener": "no request in the data; TLS",
        "HTTPRouteInvalidCrossNamespaceParentRef": "no request: status of Kubernetes objects",
        "HTTPRouteInvalidParentRefNotMatchingListenerPort": "no request: status of objects",
        "HTTPRouteInvalidParentRefNotMatchingSectionName": "no request: status of objects",
        "HTTPRouteInvalidParentRefSectionNameNotMatchingPort": "no request: status of objects",
        "HTTPRouteObservedGenerationBump": "no request: status of Kubernetes objects",
        "HTTPRouteRequestPercentageMirror": "no request in the data; mirroring",
        "HTTPRouteRetryConnectionError": "no request in the data; retries",
        "HTTPRouteRetryWithTimeouts": "no request in the data; retries",
        "HTTPRouteRetry": "no request in the data; retries",
        "HTTPRouteServiceTypes": "no request: kinds of Kubernetes services",
    ]

    /// Cases that Martlet answers otherwise on purpose: what it does, and why.
    static let deviations: [String: (answer: RouteMatch.Outcome, reason: String)] = [
        "HTTPRouteMethodMatching HEAD /": (.route, "HEAD follows GET (RFC 9110 §9.3.2)"),
        "HTTPRouteMethodMatching PUT /": (.methodNotAllowed, "RFC 9110 §15.5.6, not 404"),
        "HTTPRouteMethodMatching DELETE /path4": (.methodNotAllowed, "RFC 9110 §15.5.6, not 404"),
    ]

    @Test(arguments: tests.filter { leftOut[$0.test] == nil })
    func matches(_ test: GatewayAPITest) throws {
        let translation = GatewayAPITranslation(test)
        var diagnostics: [Diagnostic] = []
        let table = RoutingTable.compile(
            translation.routes, listeners: translation.listeners, diagnostics: &diagnostics)
        #expect(!test.cases.isEmpty)
        for (index, item) in test.cases.enumerated() {
            let method = item.request.method ?? "GET"
            let label = "\(test.test) \(method) \(item.request.path)"
            let head = makeHead(
                method, item.request.path, host: item.request.host ?? "gateway.example",
                headers: (item.request.headers ?? [:]).map { ($0.key, $0.value) })
            let listener = try #require(
                translation.listeners.firstIndex(of: Self.listener(test, item, index)), "\(label)")
            var captures = PathCaptures()
            let match = table.match(head, listener: UInt16(listener), captures: &captures)
            let isException =
                item.request.headers == nil && Self.deviations[label] != nil
                && item.response?.status == 404
            if isException {
                #expect(match.outcome == Self.deviations[label]?.answer, "\(label)")
            } else if item.response?.status == 404 {
                #expect(match.outcome == .notFound, "\(label)")
            } else {
                #expect(match.outcome == .route, "\(label)")
                guard match.outcome == .route, let backend = item.backend else { continue }
                #expect(translation.backends[Int(match.route)].contains(backend), "\(label)")
            }
        }
    }

    /// Where a case goes: the data names the port in Host, and the gateway not at all.
    private static func listener(
        _ test: GatewayAPITest, _ item: GatewayAPITest.Case, _ index: Int
    ) -> String {
        if test.test == "HTTPRouteMultipleGateways" {
            return index < 2 ? "same-namespace" : "all-namespaces"
        }
        guard !test.gateways.isEmpty else {
            return test.routes.first?.spec.parentRefs?.first?.name ?? ""
        }
        guard test.test == "HTTPRouteListenerPortMatching",
            let port = item.request.host?.split(separator: ":").dropFirst().first
        else { return "port-80" }
        return "port-\(port)"
    }

    @Test(.enabled(if: !tests.isEmpty, "no Gateway API data"))
    func nothingIsLeftOutSilently() {
        let names = Set(Self.tests.map(\.test))
        #expect(names.isSuperset(of: Self.leftOut.keys))
        let empty = Self.tests.filter { $0.cases.isEmpty }.map(\.test)
        #expect(empty.allSatisfy { Self.leftOut[$0] != nil })
        let run = Self.tests.filter { Self.leftOut[$0.test] == nil }
        #expect(run.count == 42)
        #expect(run.map(\.cases.count).reduce(0, +) >= 200)
        for (name, reason) in Self.leftOut.sorted(by: { $0.key < $1.key }) {
            print("left out: \(name): \(reason)")
        }
    }

    @Test(
        arguments: [
            (["a.com"], nil, ["a.com"]), ([], "a.com", ["a.com"]), (["a.com"], "b.com", nil),
            (["*.a.com"], "x.a.com", ["x.a.com"]), (["x.a.com", "b.com"], "*.a.com", ["x.a.com"]),
            (["a.com"], "*.a.com", nil), (["*.x.a.com"], "*.a.com", ["*.x.a.com"]), ([], nil, []),
        ] as [([String], String?, [String]?)])
    func hostIntersection(route: [String], listener: String?, expected: [String]?) {
        #expect(GatewayAPITranslation.hosts(route, within: listener) == expected)
    }
}
