import Foundation
import NIOCore
import NIOHTTP1

/// Where a call of Martlet's own goes.
struct CallDestination: Hashable, Sendable {
    let host: String
    let port: Int
    /// Whether the host is an address.
    let isNumeric: Bool

    /// Names of the machine that Martlet runs on (RFC 6761 §6.3).
    var isThisMachine: Bool {
        var name = self.host.lowercased()
        while name.hasSuffix(".") { name.removeLast() }
        return name == "localhost" || name.hasSuffix(".localhost")
    }

    init?(url: String) {
        guard let url = URL(string: url), let host = url.host, !host.isEmpty else { return nil }
        let port = url.port ?? (url.scheme == "https" ? 443 : 80)
        // Nothing else can be dialled, and the discovery document of an issuer may say anything.
        guard 1...65535 ~= port else { return nil }
        self.host = host
        self.port = port
        self.isNumeric = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}

/// A whole answer.
struct OwnCallAnswer: Sendable {
    let status: UInt
    let headers: HTTPHeaders
    let body: [UInt8]
}

/// Why a call of Martlet's own came to nothing.
enum OwnCallFailure: Error, Equatable {
    case notAURL
    case notResolved(String)
    /// The name, and the addresses that it stands for.
    case prohibited(String, [String])
    case tooLate
    case stopped

    var sentence: String {
        switch self {
        case .notAURL: "this is no URL"
        case .notResolved(let name): "`\(name)` could not be looked up"
        case .prohibited(let name, let addresses):
            "`\(name)` stands for \(addresses.joined(separator: ", ")), where Martlet must not "
                + "connect; `egress.allow` lets it"
        case .tooLate: "the answer did not come in time"
        case .stopped: "the process ends"
        }
    }
}
