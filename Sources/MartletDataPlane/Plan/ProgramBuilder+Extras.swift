import MartletAlgorithms
import MartletConfig

extension RequestPriority {
    init(_ config: ImportanceConfig) {
        switch config {
        case .critical: self = .critical
        case .high: self = .high
        case .normal: self = .normal
        case .low: self = .low
        }
    }
}

/// What few routes have besides their steps: retries, fallbacks, mirrors, releases.
extension ProgramBuilder {
    mutating func extras(
        _ config: RouteConfig, _ index: Int, _ document: ConfigDocument, _ routing: RoutingTable,
        _ diagnostics: inout [Diagnostic]
    ) -> RouteExtras {
        var extras = RouteExtras()
        extras.retries = config.retries.map { Self.row(of: RetryPlan($0), in: &self.retries) }
        extras.abuseScore = UInt16(clamping: config.abuseScore ?? 0)
        extras.release = self.release(config, document, &diagnostics)
        do throws(InvalidPolicy) {
            extras.fallback = try self.fallback(config, index, document, routing)
        } catch {
            diagnostics.append(
                Diagnostic(
                    .error, at: config.fallback?.source ?? config.source,
                    path: "routes[\(index)].fallback", error.message))
        }
        do throws(InvalidPolicy) {
            extras.mirror = try self.mirror(config, document)
        } catch {
            diagnostics.append(
                Diagnostic(
                    .error, at: config.mirror?.source ?? config.source,
                    path: "routes[\(index)].mirror", error.message))
        }
        return extras
    }

    private mutating func mirror(
        _ route: RouteConfig, _ document: ConfigDocument
    ) throws(InvalidPolicy) -> Int? {
        guard let config = route.mirror else { return nil }
        let plan = try MirrorPlan(config, route: route, upstreams: document.upstreams)
        guard !self.mirrors.contains(where: { $0.name == plan.name }) else {
            throw InvalidPolicy("two mirrors have the name `\(plan.name)`")
        }
        self.mirrors.append(plan)
        return self.mirrors.count - 1
    }

    private mutating func fallback(
        _ route: RouteConfig, _ index: Int, _ document: ConfigDocument, _ routing: RoutingTable
    ) throws(InvalidPolicy) -> Int? {
        guard let config = route.fallback else { return nil }
        var reply: UInt32?
        if let respond = config.respond {
            // One reply for all patterns: it can tell of what each of them captures.
            let names = (0..<max(1, route.match.paths.count)).map {
                routing.captureNames(route: index, pattern: $0)
            }
            let shared = Set(names).count == 1 ? names[0] : []
            let policy = try StaticReplyPolicy(respond, captureNames: shared)
            reply = Self.append(policy, .staticReply, to: &self.staticReplies).index
        }
        let upstream = document.upstreams.firstIndex { $0.name == config.upstream }
        let plan = FallbackPlan(config, upstream: upstream, reply: reply)
        return Self.row(of: plan, in: &self.fallbacks)
    }

    private mutating func release(
        _ route: RouteConfig, _ document: ConfigDocument, _ diagnostics: inout [Diagnostic]
    ) -> Int? {
        guard let config = route.release,
            let plan = ReleasePlan(
                config, route: route, upstreams: document.upstreams, regions: self.regions,
                consumers: document.consumers.map(\.name))
        else { return nil }
        if self.releases.contains(where: { $0.name == plan.name }) {
            diagnostics.append(
                Diagnostic(
                    .error, at: config.source, path: "routes.\(route.name).release",
                    "two releases have the same name", hint: "give each a `name` of its own"))
        }
        self.releases.append(plan)
        return self.releases.count - 1
    }
}
