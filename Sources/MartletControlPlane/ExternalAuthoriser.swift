import AsyncHTTPClient
import MartletDataPlane
import NIOCore
import NIOHTTP1

/// Asks external servers whether requests may pass.
///
/// The workers bound how many calls there are at a time; a body is not looked at.
struct ExternalAuthoriser: Sendable {
    let client: HTTPClient

    /// Of one field that is taken over.
    private static let valueBytesMax = 4096

    func authorise(
        _ plan: ExternalAuthorizationPlan, fields: [(name: String, value: String)]
    ) async -> SideCallAnswer {
        var request = HTTPClientRequest(url: plan.url)
        for field in fields { request.headers.add(name: field.name, value: field.value) }
        let nanoseconds =
            plan.timeout.components.seconds * 1_000_000_000
            + plan.timeout.components.attoseconds / 1_000_000_000
        let deadline = NIODeadline.now() + .nanoseconds(nanoseconds)
        guard let response = try? await self.client.execute(request, deadline: deadline) else {
            return .failed
        }
        switch response.status.code {
        case 200..<300: return .content(Self.lines(response, plan.responseHeaders))
        case 401:
            return .unauthenticated(
                Array((response.headers.first(name: "www-authenticate") ?? "").utf8))
        case 400..<500: return .no
        // A redirect is no answer to this question.
        default: return .failed
        }
    }

    private static func lines(_ response: HTTPClientResponse, _ names: [String]) -> [UInt8] {
        var lines: [UInt8] = []
        for name in names {
            for value in response.headers[name] {
                let bytes = Array(value.utf8)
                guard bytes.count <= Self.valueBytesMax,
                    bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
                else { continue }
                lines += Array(name.utf8) + Array(": ".utf8) + bytes + [13, 10]
            }
        }
        return lines
    }
}
