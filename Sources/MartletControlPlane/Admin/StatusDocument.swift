import Foundation
import MartletConfig

/// `/v1/status`: what runs, since when, and how busy it is.
enum StatusDocument {
    private struct Body: Encodable {
        struct Listener: Encodable {
            let name: String
            let address: String
        }

        struct Reloads: Encodable {
            let succeeded: UInt64
            let failed: UInt64
        }

        struct Exception: Encodable {
            let exception: String
            let meaning: String
            let at: String
            let reason: String
            /// RFC 3339; left out where there is no end.
            let until: String?
            let over: Bool
        }

        let version: String
        let phase: String
        let generation: UInt64
        let workers: Int
        let connections: Int
        let exchanges: Int
        let listeners: [Listener]
        let upstreams: [String]
        let routes: Int
        let reloads: Reloads
        let exceptions: [Exception]
    }

    static func make(_ status: ControlPlaneStatus) -> String {
        let body = Body(
            version: MartletVersion.text, phase: status.phase.rawValue,
            generation: status.generation, workers: status.workers,
            connections: status.connections, exchanges: status.exchanges,
            listeners: status.listeners.map { Body.Listener(name: $0.name, address: $0.address) },
            upstreams: status.upstreams, routes: status.routeCount,
            reloads: Body.Reloads(
                succeeded: status.reloadsSucceeded, failed: status.reloadsFailed),
            exceptions: status.exceptions.map { self.exception($0, now: status.now) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(body) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func exception(_ exception: StatedException, now: Int64) -> Body.Exception {
        let terms = exception.terms
        let source = terms.source
        return Body.Exception(
            exception: terms.place, meaning: exception.kind.meaning,
            at: "\(source.file):\(source.line):\(source.column)", reason: terms.reason,
            until: terms.end.map { end in
                Date(timeIntervalSince1970: TimeInterval(end)).formatted(.iso8601)
            }, over: !terms.isInForce(at: now))
    }
}
