import AsyncHTTPClient
import MartletDataPlane
import NIOHTTP1

/// Asks external servers whether requests may pass.
///
/// The workers bound how many calls there are at a time; a body is not looked at.
struct ExternalAuthoriser: Sendable {
    let client: EgressClient

    /// Of the body, which says nothing and is read so that the connection can be used again.
    private static let bytesMax = 64 * 1024
    /// Of one field that is taken over.
    private static let valueBytesMax = 4096

    func authorise(
        _ plan: ExternalAuthorizationPlan, fields: [(name: String, value: String)]
    ) async -> SideCallAnswer {
        var request = HTTPClientRequest(url: plan.url)
        for field in fields { request.headers.add(name: field.name, value: field.value) }
        let response = try? await self.client.fetchHead(
            request, within: plan.timeout, bytesMax: Self.bytesMax)
        guard let response else { return .failed }
        switch response.status {
        case 200..<300: return .content(Self.lines(response, plan.responseHeaders))
        case 401:
            // One line each, and one line at least: a 401 without any is still no 403.
            let challenges = response.headers["www-authenticate"].map { $0 + "\n" }.joined()
            return .unauthenticated(Array(challenges.isEmpty ? "\n".utf8 : challenges.utf8))
        case 400..<500: return .no
        // A redirect is no answer to this question.
        default: return .failed
        }
    }

    private static func lines(_ response: OwnCallAnswer, _ names: [String]) -> [UInt8] {
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
