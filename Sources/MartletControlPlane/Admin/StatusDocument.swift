import Foundation

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
    }

    static func make(_ status: ControlPlaneStatus) -> String {
        let body = Body(
            version: MartletVersion.text, phase: status.phase.rawValue,
            generation: status.generation, workers: status.workers,
            connections: status.connections, exchanges: status.exchanges,
            listeners: status.listeners.map { Body.Listener(name: $0.name, address: $0.address) },
            upstreams: status.upstreams, routes: status.routeCount,
            reloads: Body.Reloads(
                succeeded: status.reloadsSucceeded, failed: status.reloadsFailed))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(body) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
