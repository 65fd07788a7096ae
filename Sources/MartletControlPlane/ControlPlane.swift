import Foundation
package import Logging
package import MartletConfig
package import MartletDataPlane
import MartletHTTP
package import MartletTelemetry
import NIOCore

/// The single writer of the running configuration: loads, compiles, publishes, drains.
///
/// Everything that changes what the data plane does goes through here, one after the other. The
/// request path never waits for it.
package actor ControlPlane {
    /// Where the process stands, for `/readyz` and `/v1/status`.
    package enum Phase: String, Sendable {
        case starting, ready, draining, stopped
    }

    private let path: String
    private let environment: [String: String]
    private let resolver: NameResolver
    private var names: LookedUpNames
    /// One change of the plan at a time.
    private let changes = ChangeGate()
    package let log: Logger
    package let accessLog: AccessLogSink?
    private let workers: WorkerGroup
    private let sideCalls: SideCalls
    private let keySets: KeySetRefresher
    /// Makes the calls that Martlet makes by itself.
    private let client: EgressClient
    /// Finds out how endpoints are.
    package let endpointWatch: EndpointWatch
    /// Leads canaries.
    package let releaseWatch: ReleaseWatch
    /// Compares mirrors' answers.
    package let mirrorWatch: MirrorWatch
    package private(set) var plan: Plan
    private var listeners: [Listener] = []
    /// Every file that the configuration was read from, as it was before it was read.
    private var watcher: FileWatcher
    package private(set) var phase = Phase.starting
    private var reloadsSucceeded: UInt64 = 0
    private var reloadsFailed: UInt64 = 0

    private init(
        path: String, environment: [String: String], log: Logger, accessLog: AccessLogSink?,
        workers: WorkerGroup, plan: Plan, resolver: NameResolver, names: LookedUpNames,
        files: [String], sideCalls: SideCalls, keySets: KeySetRefresher, client: EgressClient
    ) {
        self.path = path
        self.environment = environment
        self.log = log
        self.accessLog = accessLog
        self.workers = workers
        self.sideCalls = sideCalls
        self.keySets = keySets
        self.client = client
        self.endpointWatch = EndpointWatch(workers: workers, log: log)
        self.releaseWatch = ReleaseWatch(workers: workers, log: log)
        self.mirrorWatch = MirrorWatch(workers: workers, log: log)
        self.plan = plan
        self.resolver = resolver
        self.names = names
        self.watcher = FileWatcher(files: files)
    }

    /// Starts the data plane of a loaded document; nothing is listening yet.
    package static func start(
        _ loaded: LoadedConfig, environment: [String: String], log: Logger
    ) async throws -> ControlPlane {
        let document = loaded.document
        let resolver = NameResolver()
        var names = LookedUpNames()
        await names.refresh(document, by: resolver, log)
        var diagnostics: [Diagnostic] = []
        let plan = try PlanCompiler.compile(
            document, version: 1, addresses: names.resolved, now: Self.now(),
            diagnostics: &diagnostics)
        Self.warn(loaded.warnings + diagnostics, log)
        Self.tellProhibited(plan, log)
        let accessLog = try AccessLogOpening.open(document.telemetry.accessLog)
        let client = EgressClient(rule: EgressRule(document.egress))
        let keySets = KeySetRefresher(log: log, client: client)
        let sideCalls = SideCalls(
            refresher: keySets, client: client,
            logins: LoginService(client: client, keySets: keySets, log: log))
        let workers = try await WorkerGroup.start(
            count: document.workers ?? System.coreCount, plan: plan, accessLog: accessLog,
            sideCalls: sideCalls)
        await keySets.update(plan.authentication, workers: workers)
        return ControlPlane(
            path: loaded.path, environment: environment, log: log, accessLog: accessLog,
            workers: workers, plan: plan, resolver: resolver, names: names, files: loaded.files,
            sideCalls: sideCalls, keySets: keySets, client: client)
    }

    /// Opens every listener; after that the process is ready.
    package func listen() async throws {
        await self.endpointWatch.planChanged(self.plan)
        await self.releaseWatch.planChanged(self.plan)
        await self.mirrorWatch.planChanged(self.plan)
        for (index, plan) in self.plan.listeners.enumerated() {
            try await self.open(plan, index: index)
        }
        self.phase = .ready
    }

    private func open(_ plan: ListenerPlan, index: Int) async throws {
        let listener = try await self.listen(on: plan, index: index)
        self.listeners.append(listener)
        self.log.info(
            "listening",
            metadata: ["listener": "\(plan.name)", "address": "\(Self.text(listener.address))"])
    }

    private func listen(on plan: ListenerPlan, index: Int) async throws -> Listener {
        do {
            return try await self.workers.listen(plan, index: index)
        } catch {
            throw ListenFailure(plan.name, plan.address, error)
        }
    }

    static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? ""
        let port = address.port ?? 0
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Seconds since 1970.
    private static func now() -> Int64 {
        Int64(Date.now.timeIntervalSince1970)
    }

    // MARK: Reload

    /// Reads the configuration again.
    ///
    /// A bad one changes nothing.
    ///
    /// - Returns: what came of it; it has been logged.
    @discardableResult
    package func reload() async -> ReloadOutcome {
        await self.changes.enter()
        let outcome = await self.reloadAlone()
        await self.changes.leave()
        return outcome
    }

    private func reloadAlone() async -> ReloadOutcome {
        guard self.phase == .ready else { return .notReady }
        // Noted before they are read, so that a change from here on is one more reload.
        _ = self.watcher.hasChanged()
        let result = ConfigLoader.load(
            path: self.path, environment: self.environment, now: Self.now())
        guard let document = result.document else {
            return self.reloadFailed(result.diagnostics, result.sources)
        }
        self.warnOfFixedSettings(document)
        var names = self.names
        names.expire()
        await names.refresh(document, by: self.resolver, self.log)
        var diagnostics = result.diagnostics
        do {
            let plan = try PlanCompiler.compile(
                document, version: self.plan.version + 1, addresses: names.resolved,
                previous: self.plan, now: Self.now(), diagnostics: &diagnostics)
            try await self.replace(with: plan)
            self.names = names
            self.watcher.watch(result.files)
        } catch let error as InvalidConfig {
            return self.reloadFailed(error.diagnostics, result.sources)
        } catch {
            self.reloadsFailed += 1
            self.log.error("reload_failed", metadata: ["reason": "\(error)"])
            return .failed(reason: "\(error)")
        }
        self.reloadsSucceeded += 1
        Self.warn(diagnostics, self.log)
        Self.tellProhibited(self.plan, self.log)
        self.log.info("reloaded", metadata: ["generation": .stringConvertible(self.plan.version)])
        return .reloaded(generation: self.plan.version, warnings: diagnostics)
    }

    /// Reads the configuration again if one of its files differs from when it was read last.
    package func reloadIfChanged() async {
        guard self.phase == .ready, self.watcher.hasChanged() else { return }
        await self.reload()
    }

    /// What is not wrong and yet may not be meant.
    private static func warn(_ diagnostics: [Diagnostic], _ log: Logger) {
        for diagnostic in diagnostics where diagnostic.severity == .warning {
            let place = diagnostic.location
            log.warning(
                "config_warning",
                metadata: [
                    "at": "\(place.file):\(place.line):\(place.column)",
                    "reason": "\(diagnostic.message)", "hint": "\(diagnostic.hint ?? "")",
                ])
        }
    }

    /// Names that lead to where Martlet must not connect: a slip, or an attack by their owner.
    private static func tellProhibited(_ plan: Plan, _ log: Logger) {
        for upstream in plan.upstreams {
            for endpoint in upstream.endpoints {
                for address in endpoint.refused {
                    log.warning(
                        "address_prohibited",
                        metadata: [
                            "upstream": "\(upstream.name)", "endpoint": "\(endpoint.text)",
                            "address": "\(address.text)", "scope": "\(address.scope.name)",
                        ])
                }
            }
        }
    }

    private func reloadFailed(
        _ diagnostics: [Diagnostic], _ sources: [String: SourceText]
    ) -> ReloadOutcome {
        self.reloadsFailed += 1
        for diagnostic in diagnostics where diagnostic.severity == .error {
            let place = diagnostic.location
            self.log.error(
                "reload_failed",
                metadata: [
                    "at": "\(place.file):\(place.line):\(place.column)",
                    "reason": "\(diagnostic.message)", "hint": "\(diagnostic.hint ?? "")",
                ])
        }
        return .invalid(diagnostics, text: DiagnosticPrinter(sources: sources).text(diagnostics))
    }

    /// New listeners are opened before the plan changes and old ones closed after it, so that no
    /// moment is without.
    private func replace(with plan: Plan) async throws {
        var opened: [Listener] = []
        do {
            for (index, listener) in plan.listeners.enumerated()
            where !self.listeners.contains(where: { $0.isSame(as: listener) }) {
                opened.append(try await self.listen(on: listener, index: index))
            }
        } catch {
            for listener in opened { await listener.close() }
            throw error
        }
        let kept = self.listeners.filter { old in plan.listeners.contains { old.isSame(as: $0) } }
        let closed = self.listeners.filter { old in
            !plan.listeners.contains { old.isSame(as: $0) }
        }
        try await self.workers.publish(plan, listeners: kept + opened + closed)
        await self.client.update(rule: EgressRule(plan.document.egress))
        if plan.authentication !== self.plan.authentication {
            await self.keySets.update(plan.authentication, workers: self.workers)
        }
        self.listeners = kept + opened
        self.plan = plan
        await self.endpointWatch.planChanged(plan)
        await self.releaseWatch.planChanged(plan)
        await self.mirrorWatch.planChanged(plan)
        for listener in closed {
            await listener.close()
            self.log.info("listener_closed", metadata: ["listener": "\(listener.name)"])
        }
        for listener in opened {
            self.log.info(
                "listening",
                metadata: [
                    "listener": "\(listener.name)", "address": "\(Self.text(listener.address))",
                ])
        }
    }

    /// What only a new process takes up.
    private func warnOfFixedSettings(_ document: ConfigDocument) {
        let old = self.plan.document
        var settings: [String] = []
        if document.workers != old.workers { settings.append("workers") }
        if document.admin != old.admin { settings.append("admin") }
        // The format is the plan's, and changes with it.
        if document.telemetry.accessLog.destination != old.telemetry.accessLog.destination
            || document.telemetry.accessLog.maxBufferedBytes
                != old.telemetry.accessLog.maxBufferedBytes
        {
            settings.append("telemetry.access-log")
        }
        if document.telemetry.processLog != old.telemetry.processLog {
            settings.append("telemetry.log")
        }
        for setting in settings {
            self.log.warning("needs_restart", metadata: ["setting": "\(setting)"])
        }
    }

    /// How long until names are to be looked up again; `nil` without any.
    package func untilNextLookUp() -> Duration? {
        self.names.nextDue.map { due in
            .nanoseconds(Int64(clamping: due) - Int64(clamping: LookedUpNames.now))
        }
    }

    /// Looks up again what is due; a changed answer becomes a new plan.
    package func refreshAddresses() async {
        guard !self.names.due(now: LookedUpNames.now).isEmpty else { return }
        await self.changes.enter()
        await self.refreshAddressesAlone()
        await self.changes.leave()
    }

    private func refreshAddressesAlone() async {
        guard self.phase == .ready else { return }
        let document = self.plan.document
        // Nobody else changes them meanwhile: this is the change that is let through.
        var names = self.names
        await names.refresh(document, by: self.resolver, self.log)
        let isChanged = names.resolved != self.names.resolved
        self.names = names
        guard isChanged else { return }
        var diagnostics: [Diagnostic] = []
        do {
            let plan = try PlanCompiler.compile(
                document, version: self.plan.version + 1, addresses: self.names.resolved,
                previous: self.plan, diagnostics: &diagnostics)
            try await self.replace(with: plan)
        } catch {
            // The same document was compiled before, so that this is no mistake in it.
            self.log.error("addresses_not_taken", metadata: ["reason": "\(error)"])
            return
        }
        Self.tellProhibited(self.plan, self.log)
        self.log.info(
            "addresses_changed", metadata: ["generation": .stringConvertible(self.plan.version)])
    }

    /// Fetches issuers' keys until the task is cancelled.
    nonisolated package func refreshKeys() async { await self.keySets.run() }

    // MARK: Drain

    /// Ends the process's work: not ready at once, accepting until the grace is over, then until
    /// nothing is open or the deadline has passed.
    ///
    /// - Returns: whether everything ended by itself.
    package func drain() async -> Bool {
        self.phase = .draining
        let config = self.plan.document.drain
        self.log.info("draining")
        try? await self.workers.drain()
        try? await Task.sleep(for: config.grace)
        for listener in self.listeners { await listener.close() }
        let end = ContinuousClock.now + config.deadline
        while ContinuousClock.now < end, await self.isBusy() {
            try? await Task.sleep(for: .milliseconds(20))
        }
        let isClean = await !self.isBusy()
        if !isClean { try? await self.workers.closeAll() }
        return isClean
    }

    private func isBusy() async -> Bool {
        guard let load = try? await self.workers.load() else { return false }
        return load.connections > 0
    }

    /// Ends the threads and writes the last log lines.
    package func stop() async {
        self.phase = .stopped
        await self.endpointWatch.stop()
        try? await self.workers.stop()
        await self.sideCalls.stop()
        await self.client.stop()
        _ = self.accessLog?.close(withinNanoseconds: 2_000_000_000)
    }

    package func reopenLogs() {
        do { try self.accessLog?.reopen() } catch {
            self.log.error("log_not_reopened", metadata: ["reason": "\(error.message)"])
        }
    }

    // MARK: Observation

    package func status() async -> ControlPlaneStatus {
        let load = (try? await self.workers.load()) ?? (0, 0)
        return ControlPlaneStatus(
            phase: self.phase, generation: self.plan.version, workers: self.workers.count,
            connections: load.0, exchanges: load.1,
            listeners: self.listeners.map { (name: $0.name, address: Self.text($0.address)) },
            upstreams: self.plan.upstreams.map(\.name), routeCount: self.plan.routes.count,
            reloadsSucceeded: self.reloadsSucceeded, reloadsFailed: self.reloadsFailed)
    }

    /// `/v1/upstreams`.
    func upstreamsDocument() async throws -> String {
        UpstreamsDocument.make(
            self.plan, reports: try await self.workers.endpointReports(),
            upstreams: try await self.workers.upstreamReports(),
            findings: await self.endpointWatch.findings)
    }

    /// `/v1/deprecations`.
    func deprecationsDocument() async throws -> String {
        DeprecationsDocument.make(try await self.workers.deprecatedCallers())
    }

    func sheddingLevel() async throws -> Int { try await self.workers.sheddingLevel() }

    /// How endpoints are, for the metrics.
    func endpointMetrics() async throws -> EndpointMetrics {
        EndpointMetrics(
            self.plan, reports: try await self.workers.endpointReports(),
            upstreams: try await self.workers.upstreamReports(),
            findings: await self.endpointWatch.findings)
    }

    package func snapshots() async throws -> [MetricsShardSnapshot] {
        try await self.workers.snapshots()
    }
}

/// What `/v1/status` shows.
package struct ControlPlaneStatus: Sendable {
    package let phase: ControlPlane.Phase
    package let generation: UInt64
    package let workers: Int
    package let connections: Int
    package let exchanges: Int
    package let listeners: [(name: String, address: String)]
    package let upstreams: [String]
    package let routeCount: Int
    package let reloadsSucceeded: UInt64
    package let reloadsFailed: UInt64
}

/// A document that was loaded without errors, and what it was read from.
package struct LoadedConfig: Sendable {
    package let path: String
    package let document: ConfigDocument
    package let files: [String]
    /// Told in the log when it starts.
    package let warnings: [Diagnostic]

    package init(
        path: String, document: ConfigDocument, files: [String], warnings: [Diagnostic] = []
    ) {
        self.path = path
        self.document = document
        self.files = files
        self.warnings = warnings
    }
}
