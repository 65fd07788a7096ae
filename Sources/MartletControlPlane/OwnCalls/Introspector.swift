import AsyncHTTPClient
import MartletDataPlane
import MartletJSON
import MartletSecurity
import NIOHTTP1

/// Asks issuers what tokens mean (RFC 7662).
///
/// The workers bound how many calls there are at a time; an answer is read up to `bytesMax`.
struct Introspector: Sendable {
    let client: EgressClient

    private static let bytesMax = 64 * 1024

    func introspect(_ plan: IntrospectionPlan, token: [UInt8]) async -> SideCallAnswer {
        var request = HTTPClientRequest(url: plan.url)
        request.method = .POST
        request.headers.add(name: "authorization", value: plan.authorization)
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "user-agent", value: "martlet")
        let encoded = FormText.encode(token.span)
        request.body = .bytes(Array("token=\(encoded)&token_type_hint=access_token".utf8))
        let answer = try? await self.client.fetch(
            request, within: plan.timeout, bytesMax: Self.bytesMax)
        guard let answer, answer.status == 200 else { return .failed }
        return Self.answer(answer.body)
    }

    /// §2.2: `active` alone is needed; everything else but `true` is no.
    private static func answer(_ body: [UInt8]) -> SideCallAnswer {
        guard let document = try? JSONDocument(body.span), document.kind(0) == .object,
            let active = document.value(of: "active", in: 0)
        else { return .failed }
        switch document.kind(active) {
        case .true: return .content(body)
        case .false: return .no
        default: return .failed
        }
    }
}
