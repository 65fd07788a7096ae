/// Which counter lies where in a shard, and the names that become labels.
///
/// Made once when a plan is compiled, immutable, shared by the shards of all workers. Its size is
/// bounded by the configuration: nothing that a client sends becomes a name.
package final class MetricsLayout: Sendable {
    /// One upstream and the texts of its endpoints, in the plan's order.
    package struct Upstream: Sendable, Equatable {
        package var name: String
        package var endpoints: [String]

        package init(name: String, endpoints: [String]) {
            self.name = name
            self.endpoints = endpoints
        }
    }

    package let listeners: [String]
    package let routes: [String]
    package let upstreams: [Upstream]
    /// `ProxyError.Code` texts by raw value.
    package let errorCodes: [String]
    package let rateLimits: [String]
    /// What policies can find, for the log.
    package let findings: [String]
    /// Of which kind that is, for metrics.
    package let findingKinds: [String]

    let listenerStride: Int
    let routeBase: Int
    let requestBase: Int
    let upstreamBase: Int
    let endpointBase: Int
    let rateLimitBase: Int
    /// For each upstream, the number of endpoints before its own, and the sum at the end.
    let endpointStarts: [Int]
    let findingBase: Int
    let abuseBase: Int
    /// How many counters a shard has.
    package let slotCount: Int

    /// - Parameters: names in the plan's order, each unique in its list and not empty.
    package init(
        listeners: [String], routes: [String], upstreams: [Upstream], errorCodes: [String],
        rateLimits: [String] = [], findings: [String] = [], findingKinds: [String] = []
    ) {
        self.listeners = listeners
        self.routes = routes
        self.upstreams = upstreams
        self.errorCodes = errorCodes
        self.rateLimits = rateLimits
        self.findings = findings
        self.findingKinds = findingKinds
        self.listenerStride = ListenerSlot.localReplies + errorCodes.count
        self.routeBase = listeners.count * self.listenerStride
        // One more than there are routes: requests that no route matched.
        self.requestBase = self.routeBase + (routes.count + 1) * RouteSlot.count
        self.upstreamBase =
            self.requestBase + listeners.count * (routes.count + 1) * StatusClass.allCases.count
        self.endpointBase = self.upstreamBase + upstreams.count * UpstreamSlot.count
        self.endpointStarts = upstreams.reduce(into: [0]) { starts, upstream in
            starts.append((starts.last ?? 0) + upstream.endpoints.count)
        }
        self.rateLimitBase =
            self.endpointBase + (self.endpointStarts.last ?? 0) * StatusClass.allCases.count
        self.findingBase = self.rateLimitBase + rateLimits.count * RateLimitResult.allCases.count
        self.abuseBase = self.findingBase + findingKinds.count * FindingAction.allCases.count
        self.slotCount = self.abuseBase + AbuseSlot.count
    }

    /// What a shard keeps for a listener; the local replies follow, one for each error code.
    enum ListenerSlot {
        static let connections = 0
        static let connectionsTotal = 1
        /// Of connections that are passed on as they are; requests' bytes are their route's.
        static let tcpBytesReceived = 2
        static let tcpBytesSent = 3
        static let rejections = 4
        static let handshakes = rejections + DownstreamRejection.allCases.count
        static let localReplies = handshakes + TLSHandshakeResult.allCases.count
    }

    /// What a shard keeps for a route.
    enum RouteSlot {
        static let bytesReceived = 0
        static let bytesSent = 1
        static let duration = 2
        static let count = duration + DurationBuckets.slotCount
    }

    /// What a shard keeps for an upstream.
    enum UpstreamSlot {
        static let connections = 0
        static let connects = 1
        static let pending = 2
        static let retries = 3
        static let fallbacks = 4
        static let hedges = 5
        static let hedgesWon = 6
        static let connectFailures = 7
        static let duration = connectFailures + ConnectFailure.allCases.count
        static let count = duration + DurationBuckets.slotCount
    }

    /// What a shard keeps of clients whose behaviour is watched: points by sign, then what was done
    /// by what the client is known by.
    enum AbuseSlot {
        static let points = 0
        static let actions = points + AbuseSign.allCases.count
        static let count = actions + AbuseKey.allCases.count * FindingAction.allCases.count
    }

    func listenerSlot(_ listener: Int) -> Int { listener &* self.listenerStride }

    /// The position of a route among the routes, the last one for none.
    func routePosition(_ route: UInt32) -> Int {
        route == ExchangeRecord.noRoute ? self.routes.count : Int(route)
    }

    func routeSlot(position: Int) -> Int { self.routeBase &+ position &* RouteSlot.count }

    func requestSlot(listener: Int, routePosition: Int) -> Int {
        let row = listener &* (self.routes.count &+ 1) &+ routePosition
        return self.requestBase &+ row &* StatusClass.allCases.count
    }

    func upstreamSlot(_ upstream: Int) -> Int {
        self.upstreamBase &+ upstream &* UpstreamSlot.count
    }

    func rateLimitSlot(_ limit: Int) -> Int {
        self.rateLimitBase &+ limit &* RateLimitResult.allCases.count
    }

    func findingSlot(_ kind: Int) -> Int {
        self.findingBase &+ kind &* FindingAction.allCases.count
    }

    func abuseActionSlot(_ key: AbuseKey) -> Int {
        self.abuseBase &+ AbuseSlot.actions &+ Int(key.rawValue)
            &* FindingAction.allCases.count
    }

    func endpointSlot(upstream: Int, endpoint: Int) -> Int {
        let position = self.endpointStarts[upstream] &+ endpoint
        return self.endpointBase &+ position &* StatusClass.allCases.count
    }
}
