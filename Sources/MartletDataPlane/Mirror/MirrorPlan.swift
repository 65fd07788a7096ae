package import MartletConfig
package import MartletJSON

/// Another upstream that gets a copy of some of a route's requests, compiled.
///
/// Immutable and shared by all workers.
package final class MirrorPlan: Sendable {
    package let name: String
    package let route: String
    package let config: MirrorConfig
    /// A row of `Plan.upstreams`.
    let upstream: Int
    package let comparison: JSONComparison
    let points: UInt16
    /// Added to each copy.
    let nameField: [UInt8]

    /// Of the places that differ, how many are told of one pair of answers.
    private static let differenceCountMax = 20

    package init(
        _ config: MirrorConfig, route: RouteConfig, upstreams: [UpstreamConfig]
    ) throws(InvalidPolicy) {
        guard let upstream = upstreams.firstIndex(where: { $0.name == config.upstream }) else {
            throw InvalidPolicy("there is no upstream named `\(config.upstream)`")
        }
        let target = upstreams[upstream]
        guard !target.endpoints.contains(where: \.isHTTP2), target.tls.protocols == [.http1] else {
            throw InvalidPolicy(
                "copies are sent over HTTP/1.1, and `\(config.upstream)` speaks HTTP/2")
        }
        var ignored: [JSONPlacePattern] = []
        for text in config.ignore {
            guard let pattern = JSONPlacePattern(text) else {
                throw InvalidPolicy("`\(text)` is not a place in a JSON body")
            }
            ignored.append(pattern)
        }
        self.name = config.name.isEmpty ? route.name : config.name
        self.route = route.name
        self.config = config
        self.upstream = upstream
        self.comparison = JSONComparison(
            ignored: ignored, differenceCountMax: Self.differenceCountMax)
        self.points = UInt16(clamping: config.share)
        self.nameField = Array(self.name.utf8)
    }

    /// What was found out of it holds for the other.
    package func isSame(as other: MirrorPlan) -> Bool {
        var (mine, others) = (self.config, other.config)
        mine.source = .unknown
        others.source = .unknown
        return self.name == other.name && mine == others
    }
}
