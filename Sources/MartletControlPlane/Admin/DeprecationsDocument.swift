import Foundation
import MartletDataPlane

/// `/v1/deprecations`: who still calls versions that are deprecated or gone.
enum DeprecationsDocument {
    private struct Caller: Encodable {
        let consumer: String?
        let client: String?
        let requests: UInt64
        let last: String
    }

    private struct Route: Encodable {
        let route: String
        let requests: UInt64
        /// Those with the most requests first; callers that were too many are one without a name.
        let callers: [Caller]
    }

    private struct Body: Encodable {
        let routes: [Route]
    }

    /// - `callers`: of all workers.
    static func make(_ callers: [DeprecatedCaller]) -> String {
        let routes = Dictionary(grouping: callers, by: \.route).sorted { $0.key < $1.key }
        let body = Body(routes: routes.map { self.route($0.key, $0.value) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(body) else { return "{}" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func route(_ name: String, _ seen: [DeprecatedCaller]) -> Route {
        let grouped = Dictionary(grouping: seen) { [$0.consumer, $0.client] }
        let callers = grouped.map { names, parts in
            Caller(
                consumer: names[0], client: names[1],
                requests: parts.reduce(0) { $0 &+ $1.count },
                last: Date(timeIntervalSince1970: Double(parts.map(\.lastSeconds).max() ?? 0))
                    .formatted(.iso8601))
        }
        return Route(
            route: name, requests: callers.reduce(0) { $0 &+ $1.requests },
            callers: callers.sorted { $0.requests > $1.requests })
    }
}
