import AsyncHTTPClient
import Foundation
package import Logging
import MartletDataPlane
import MartletJSON
import MartletSecurity
import NIOHTTP1

/// Leads browsers through logins: the authorization code flow of OpenID Connect Core 1.0 with PKCE
/// (RFC 7636), `state` bound to the browser by a cookie, and `nonce`.
///
/// Keeps nothing of a login under way: what has to be remembered is in that cookie. Calls go
/// through the `EgressClient`; the workers bound how many there are at a time.
package actor LoginService {
    private let client: EgressClient
    private let keySets: KeySetRefresher
    private let log: Logger
    private let discovery: ProviderDiscovery

    private static let bytesMax = 256 * 1024
    /// A browser drops a cookie whose name and value are longer than this.
    private static let cookieBytesMax = 4000

    package init(client: EgressClient, keySets: KeySetRefresher, log: Logger) {
        self.client = client
        self.keySets = keySets
        self.log = log
        self.discovery = ProviderDiscovery(client: client)
    }

    /// - Returns: field lines of a redirect, `no` for a login that came to nothing.
    func take(_ step: LoginStep) async -> SideCallAnswer {
        do throws(LoginFailure) {
            switch step.kind {
            case .begin(let returnTo): return .content(try await self.begin(step, returnTo))
            case .finish(let query, let attempts):
                return .content(try await self.finish(step, query, attempts))
            case .logOut: return .content(await self.logOut(step))
            }
        } catch {
            self.log.warning(
                "login_failed",
                metadata: ["login": "\(step.plan.name)", "reason": "\(error.sentence)"])
            return error.isIssuers ? .failed : .no
        }
    }

    // MARK: To the issuer

    private func begin(_ step: LoginStep, _ returnTo: [UInt8]) async throws(LoginFailure) -> [UInt8]
    {
        let plan = step.plan
        let endpoints = try await self.discovery.endpoints(of: plan)
        guard let authorization = endpoints.authorization else { throw .discovery("no endpoint") }
        let attempt = LoginAttempt(returnTo: returnTo, now: Self.now())
        guard let sealed = plan.attemptSeal.seal(attempt.encoded, nonce: RandomBytes.make(12)),
            sealed.count <= Self.cookieBytesMax
        else { throw .tooLarge }
        let parameters = [
            ("response_type", "code"), ("client_id", plan.clientID),
            ("redirect_uri", Self.callback(step)), ("scope", plan.scope),
            ("state", attempt.state), ("nonce", attempt.nonce),
            ("code_challenge", attempt.challenge), ("code_challenge_method", "S256"),
        ]
        var fields = RedirectFields(to: authorization, adding: parameters)
        fields.setCookie(
            attempt.cookieName(plan), sealed, seconds: LoginAttempt.secondsMax,
            path: String(decoding: plan.callbackPath, as: UTF8.self), isSecure: plan.isSecure)
        return fields.lines
    }

    private static func callback(_ step: LoginStep) -> String {
        step.origin + String(decoding: step.plan.callbackPath, as: UTF8.self)
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970) }

    // MARK: And back

    private func finish(
        _ step: LoginStep, _ query: [UInt8], _ attempts: [LoginAttemptCookie]
    ) async throws(LoginFailure) -> [UInt8] {
        let plan = step.plan
        let parameters = FormParameters(query)
        guard let state = parameters["state"],
            let attempt = LoginAttempt.find(state: state, attempts, plan, now: Self.now())
        else { throw .attemptUnknown }
        // RFC 9207: an answer of another issuer is not taken.
        if let issuer = parameters["iss"], issuer != plan.endpoints.issuer { throw .issuerOther }
        if let error = parameters["error"] { throw .refused(error) }
        guard let code = parameters["code"] else { throw .refused("no code") }
        let token = try await self.token(step, code: code, verifier: attempt.verifier)
        let claims = try await self.claims(of: token, step, nonce: attempt.nonce)
        let session = SessionContent.make(
            claims, keeping: plan.keptClaims, expiry: Self.now() + plan.lifetimeSeconds)
        guard let sealed = plan.sessionSeal.seal(session, nonce: RandomBytes.make(12)),
            sealed.count + plan.cookie.utf8.count <= Self.cookieBytesMax
        else { throw .tooLarge }
        var fields = RedirectFields(to: String(decoding: attempt.returnTo, as: UTF8.self))
        fields.setCookie(
            plan.cookie, sealed, seconds: plan.lifetimeSeconds, path: "/", isSecure: plan.isSecure)
        fields.setCookie(
            attempt.cookieName(plan), [], seconds: 0,
            path: String(decoding: plan.callbackPath, as: UTF8.self), isSecure: plan.isSecure)
        self.log.info("logged_in", metadata: ["login": "\(plan.name)"])
        return fields.lines
    }

    /// Exchanges the code for tokens (§3.1.3); the ID token is what is wanted.
    private func token(
        _ step: LoginStep, code: String, verifier: String
    ) async throws(LoginFailure) -> [UInt8] {
        let endpoints = try await self.discovery.endpoints(of: step.plan)
        guard let url = endpoints.token else { throw .discovery("no token endpoint") }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "authorization", value: step.plan.authorization)
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "user-agent", value: "martlet")
        let form = [
            ("grant_type", "authorization_code"), ("code", code),
            ("redirect_uri", Self.callback(step)), ("code_verifier", verifier),
        ]
        request.body = .bytes(Array(FormParameters.encode(form).utf8))
        let answer: OwnCallAnswer
        do {
            answer = try await self.client.fetch(
                request, within: step.plan.timeout, bytesMax: Self.bytesMax)
        } catch {
            throw .notReached("\(error)")
        }
        guard answer.status == 200 else {
            // §3.1.3.4: 400 says that the code is not taken; all else is the issuer's trouble.
            throw answer.status == 400 ? .refused("the code") : .notReached("\(answer.status)")
        }
        guard let document = try? JSONDocument(answer.body.span), document.kind(0) == .object,
            let token = document.text("id_token")
        else { throw .tokenMissing }
        return token
    }

    /// Checks the ID token (§3.1.3.7) by the issuer's rules, and that it answers this attempt.
    private func claims(
        of text: [UInt8], _ step: LoginStep, nonce: String
    ) async throws(LoginFailure) -> JSONDocument {
        let plan = step.plan
        do throws(TokenRefusal) {
            let token = try CompactToken(text.span)
            let claims = try TokenIssuer.claims(of: token)
            var keys = await self.keySets.keys(of: plan.issuerName) ?? plan.keys
            var refusal = plan.issuer.check(token, claims: claims, keys: keys, now: Self.now())
            if refusal == .keyUnknown || refusal == .keysMissing,
                await self.keySets.fetchForRequest(plan.issuerName)
            {
                keys = await self.keySets.keys(of: plan.issuerName)
                refusal = plan.issuer.check(token, claims: claims, keys: keys, now: Self.now())
            }
            if let refusal { throw refusal }
            guard Self.isFor(plan.clientID, claims) else { throw .audienceWrong }
            guard claims.text("nonce") == Array(nonce.utf8) else { throw .claimWrong }
            return claims
        } catch {
            throw .token(error)
        }
    }

    /// `aud` holds the client, and if it holds others too, `azp` is the client.
    private static func isFor(_ client: String, _ claims: JSONDocument) -> Bool {
        let client = Array(client.utf8)
        guard let node = claims.value(of: "aud", in: 0) else { return false }
        if let party = claims.text("azp"), party != client { return false }
        switch claims.kind(node) {
        case .string: return claims.string(node).copy == client
        case .array:
            var child = claims.firstChild(of: node)
            while child < claims.end(of: node) {
                if claims.kind(child) == .string, claims.string(child).copy == client {
                    return true
                }
                child = claims.end(of: child)
            }
            return false
        default: return false
        }
    }

    // MARK: Logging out

    /// Takes the cookie away, and has the issuer end its own session if it can (OpenID Connect
    /// RP-Initiated Logout 1.0).
    private func logOut(_ step: LoginStep) async -> [UInt8] {
        let plan = step.plan
        let target = step.origin + plan.afterLogout
        var fields =
            if let url = await self.discovery.endSession(of: plan) {
                RedirectFields(
                    to: url,
                    adding: [("client_id", plan.clientID), ("post_logout_redirect_uri", target)])
            } else {
                RedirectFields(to: plan.afterLogout)
            }
        fields.setCookie(plan.cookie, [], seconds: 0, path: "/", isSecure: plan.isSecure)
        return fields.lines
    }
}
