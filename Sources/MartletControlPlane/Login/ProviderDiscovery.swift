import AsyncHTTPClient
import MartletDataPlane
import MartletJSON
import MartletSecurity
import NIOHTTP1

/// Where issuers' pages and calls are, as their discovery documents say (OpenID Connect Discovery
/// 1.0 §4); what the configuration says comes first.
///
/// A document is believed for an hour, and longer while the issuer does not answer.
actor ProviderDiscovery {
    private struct Entry {
        var endpoints: LoginEndpoints
        var read: ContinuousClock.Instant
    }

    private let client: EgressClient
    private var entries: [String: Entry] = [:]

    private static let believedFor = Duration.seconds(3600)
    /// After a failure the last document is used for so long without another try.
    private static let retryAfter = Duration.seconds(30)
    private static let bytesMax = 256 * 1024
    /// Issuers that the configuration does not name any more are forgotten.
    private static let entriesMax = 64

    init(client: EgressClient) { self.client = client }

    /// Those of a login, without the document if they are all in the configuration.
    func endpoints(of plan: LoginPlan) async throws(LoginFailure) -> LoginEndpoints {
        let given = plan.endpoints
        if given.authorization != nil, given.token != nil { return given }
        return try await self.discovered(plan)
    }

    /// Where a session of the issuer ends; `nil` if it does not say, or cannot be asked.
    func endSession(of plan: LoginPlan) async -> String? {
        if let given = plan.endpoints.endSession { return given }
        return try? await self.discovered(plan).endSession
    }

    private func discovered(_ plan: LoginPlan) async throws(LoginFailure) -> LoginEndpoints {
        let given = plan.endpoints
        if let entry = self.entries[given.issuer], entry.read + Self.believedFor > .now {
            return Self.merged(given, entry.endpoints)
        }
        do throws(LoginFailure) {
            let read = try await self.read(given.issuer, within: plan.timeout)
            if self.entries.count >= Self.entriesMax { self.entries = [:] }
            self.entries[given.issuer] = Entry(endpoints: read, read: .now)
            return Self.merged(given, read)
        } catch {
            guard let known = self.entries[given.issuer] else { throw error }
            self.entries[given.issuer]?.read = .now - Self.believedFor + Self.retryAfter
            return Self.merged(given, known.endpoints)
        }
    }

    private static func merged(_ given: LoginEndpoints, _ read: LoginEndpoints) -> LoginEndpoints {
        LoginEndpoints(
            issuer: given.issuer, authorization: given.authorization ?? read.authorization,
            token: given.token ?? read.token, endSession: given.endSession ?? read.endSession)
    }

    private func read(
        _ issuer: String, within time: Duration
    ) async throws(LoginFailure) -> LoginEndpoints {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        var request = HTTPClientRequest(url: base + "/.well-known/openid-configuration")
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "martlet")
        let answer: OwnCallAnswer
        do {
            answer = try await self.client.fetch(request, within: time, bytesMax: Self.bytesMax)
        } catch {
            throw .discovery("\(error)")
        }
        guard answer.status == 200 else { throw .discovery("status \(answer.status)") }
        guard let document = try? JSONDocument(answer.body.span), document.kind(0) == .object else {
            throw .discovery("this is no JSON object")
        }
        // §4.3: it has to be the same, or another issuer's document was put there.
        guard document.text("issuer") == Array(issuer.utf8) else {
            throw .discovery("it is another issuer's")
        }
        let found = LoginEndpoints(
            issuer: issuer, authorization: Self.url("authorization_endpoint", document, issuer),
            token: Self.url("token_endpoint", document, issuer),
            endSession: Self.url("end_session_endpoint", document, issuer))
        guard found.authorization != nil, found.token != nil else {
            throw .discovery("it names no authorization endpoint or no token endpoint")
        }
        return found
    }

    /// A URL that can stand in a field, and does not lead to an address that nobody has allowed:
    /// names are checked when they are called, an address or a name of this machine is the issuer's
    /// own or none, and an issuer behind TLS is not left for one without.
    private static func url(
        _ key: StaticString, _ document: JSONDocument, _ issuer: String
    ) -> String? {
        let host = CallDestination(url: issuer)?.host
        guard let text = document.text(key).map({ String(decoding: $0, as: UTF8.self) }),
            text.hasPrefix("https://")
                || (text.hasPrefix("http://") && issuer.hasPrefix("http://")),
            text.utf8.allSatisfy({ 0x21...0x7e ~= $0 }),
            let destination = CallDestination(url: text),
            destination.host == host || !(destination.isNumeric || destination.isThisMachine)
        else { return nil }
        return text
    }
}
