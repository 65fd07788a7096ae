/// Where the counters of one layout lie in another: same names, same meaning.
///
/// Made at a reload for each worker, so that no count is lost when indices change.
struct MetricsMapping {
    /// A run of counters that both layouts have.
    private struct Run {
        let source: Int
        let target: Int
        let count: Int
    }

    private var runs: [Run] = []

    init(from source: MetricsLayout, to target: MetricsLayout) {
        let listeners = Self.positions(of: target.listeners)
        let routes = Self.positions(of: target.routes)
        let upstreams = Self.positions(of: target.upstreams.map(\.name))
        self.addListeners(source, target, listeners)
        self.addRoutes(source, target, listeners: listeners, routes: routes)
        self.addUpstreams(source, target, upstreams)
        let limits = Self.positions(of: target.rateLimits)
        for (index, name) in source.rateLimits.enumerated() {
            guard let other = limits[name] else { continue }
            self.addRun(
                source.rateLimitSlot(index), target.rateLimitSlot(other),
                RateLimitResult.allCases.count)
        }
        self.addFindings(source, target)
        self.addRun(source.abuseBase, target.abuseBase, MetricsLayout.AbuseSlot.count)
    }

    /// Adds the counters of `source` to those of `target` and zeroes them.
    ///
    /// Wraps, so that a connection counted in one and closed in the other comes out right.
    /// Counters without a counterpart stay where they are.
    func move(from source: inout [UInt64], to target: inout [UInt64]) {
        for run in self.runs {
            for offset in 0..<run.count {
                target[run.target + offset] &+= source[run.source + offset]
                source[run.source + offset] = 0
            }
        }
    }

    /// The same, leaving the source as it is.
    func add(_ source: [UInt64], to target: inout [UInt64]) {
        for run in self.runs {
            for offset in 0..<run.count {
                target[run.target + offset] &+= source[run.source + offset]
            }
        }
    }

    private mutating func addRun(_ source: Int, _ target: Int, _ count: Int) {
        // Neighbours join: layouts that differ little become a few long runs.
        if let last = self.runs.last, last.source + last.count == source,
            last.target + last.count == target
        {
            self.runs[self.runs.count - 1] = Run(
                source: last.source, target: last.target, count: last.count + count)
        } else {
            self.runs.append(Run(source: source, target: target, count: count))
        }
    }

    private mutating func addListeners(
        _ source: MetricsLayout, _ target: MetricsLayout, _ listeners: [String: Int]
    ) {
        let codes = Self.positions(of: target.errorCodes)
        for (index, name) in source.listeners.enumerated() {
            guard let other = listeners[name] else { continue }
            let from = source.listenerSlot(index)
            let to = target.listenerSlot(other)
            self.addRun(from, to, MetricsLayout.ListenerSlot.localReplies)
            for (code, text) in source.errorCodes.enumerated() {
                guard let otherCode = codes[text] else { continue }
                let base = MetricsLayout.ListenerSlot.localReplies
                self.addRun(from + base + code, to + base + otherCode, 1)
            }
        }
    }

    private mutating func addRoutes(
        _ source: MetricsLayout, _ target: MetricsLayout, listeners: [String: Int],
        routes: [String: Int]
    ) {
        var positions = source.routes.map { routes[$0] }
        positions.append(target.routes.count)
        for (index, position) in positions.enumerated() {
            guard let position else { continue }
            self.addRun(
                source.routeSlot(position: index), target.routeSlot(position: position),
                MetricsLayout.RouteSlot.count)
        }
        for (listener, name) in source.listeners.enumerated() {
            guard let otherListener = listeners[name] else { continue }
            for (index, position) in positions.enumerated() {
                guard let position else { continue }
                self.addRun(
                    source.requestSlot(listener: listener, routePosition: index),
                    target.requestSlot(listener: otherListener, routePosition: position),
                    StatusClass.allCases.count)
            }
        }
    }

    private mutating func addUpstreams(
        _ source: MetricsLayout, _ target: MetricsLayout, _ upstreams: [String: Int]
    ) {
        for (index, upstream) in source.upstreams.enumerated() {
            guard let other = upstreams[upstream.name] else { continue }
            self.addRun(
                source.upstreamSlot(index), target.upstreamSlot(other),
                MetricsLayout.UpstreamSlot.count)
            let endpoints = Self.positions(of: target.upstreams[other].endpoints)
            for (endpoint, text) in upstream.endpoints.enumerated() {
                guard let otherEndpoint = endpoints[text] else { continue }
                self.addRun(
                    source.endpointSlot(upstream: index, endpoint: endpoint),
                    target.endpointSlot(upstream: other, endpoint: otherEndpoint),
                    StatusClass.allCases.count)
            }
        }
    }

    private mutating func addFindings(_ source: MetricsLayout, _ target: MetricsLayout) {
        let kinds = Self.positions(of: target.findingKinds)
        for (index, name) in source.findingKinds.enumerated() {
            guard let other = kinds[name] else { continue }
            self.addRun(
                source.findingSlot(index), target.findingSlot(other), FindingAction.allCases.count)
        }
    }

    private static func positions(of names: [String]) -> [String: Int] {
        var positions: [String: Int] = [:]
        positions.reserveCapacity(names.count)
        for (index, name) in names.enumerated() { positions[name] = index }
        return positions
    }
}
