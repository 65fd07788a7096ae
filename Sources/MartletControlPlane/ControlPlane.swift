import Foundation
package import Logging
import MartletConfig
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

    let path: String
    let environment: [String: String]
    let resolver: NameResolver
    var names: LookedUpNames
    /// One change of the plan at a time.
    let changes = ChangeGate()
    package let log: Logger
    package let accessLog: AccessLogSink?
    let workers: WorkerGroup
    let sideCalls: SideCalls
    let keySets: KeySetRefresher
    /// Makes the calls that Martlet makes by itself.
    let client: EgressClient
    /// Finds out how endpoints are.
    package let endpointWatch: EndpointWatch
    /// Leads canaries.
    package let releaseWatch: ReleaseWatch
    /// Compares mirrors' answers.
    package let mirrorWatch: MirrorWatch
    /// Tells who has been kept out.
    package let abuseWatch: AbuseWatch
    package internal(set) var plan: Plan
    /// What the plan is made of: exceptions that are over are no part of the plan.
    var configuration: TimedDocument
    /// The moment of that, in seconds since 1970.
    var configuredAt: Int64
    /// When the next exception is over, in seconds since 1970.
    var nextEnd: Int64?
    var listeners: [Listener] = []
    /// Every file that the configuration was read from, as it was before it was read.
    var watcher: FileWatcher
    package internal(set) var phase = Phase.starting
    var reloadsSucceeded: UInt64 = 0
    var reloadsFailed: UInt64 = 0

    private init(
        path: String, environment: [String: String], log: Logger, accessLog: AccessLogSink?,
        workers: WorkerGroup, plan: Plan, configuration: TimedDocument, configuredAt: Int64,
        resolver: NameResolver, names: LookedUpNames, files: [String], sideCalls: SideCalls,
        keySets: KeySetRefresher, client: EgressClient
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
        self.abuseWatch = AbuseWatch(workers: workers, log: log)
        self.plan = plan
        self.configuration = configuration
        self.configuredAt = configuredAt
        self.nextEnd = configuration.nextEnd(after: configuredAt)
        self.resolver = resolver
        self.names = names
        self.watcher = FileWatcher(files: files)
    }

    /// Starts the data plane of a loaded document; nothing is listening yet.
    package static func start(
        _ loaded: LoadedConfig, environment: [String: String], log: Logger
    ) async throws -> ControlPlane {
        let configuration = TimedDocument(loaded.document)
        let now = Self.now()
        let document = configuration.document(at: now)
        let resolver = NameResolver()
        var names = LookedUpNames()
        await names.refresh(document, by: resolver, log)
        var diagnostics: [Diagnostic] = []
        let plan = try PlanCompiler.compile(
            document, version: 1, addresses: names.resolved, now: now,
            diagnostics: &diagnostics)
        log.tellWarnings(loaded.warnings + diagnostics)
        log.tellProhibited(plan)
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
            workers: workers, plan: plan, configuration: configuration, configuredAt: now,
            resolver: resolver, names: names, files: loaded.files,
            sideCalls: sideCalls, keySets: keySets, client: client)
    }

    /// Opens every listener; after that the process is ready.
    package func listen() async throws {
        await self.endpointWatch.planChanged(self.plan)
        await self.releaseWatch.planChanged(self.plan)
        await self.mirrorWatch.planChanged(self.plan)
        await self.abuseWatch.planChanged(self.plan)
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

    func listen(on plan: ListenerPlan, index: Int) async throws -> Listener {
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
    static func now() -> Int64 {
        Int64(Date.now.timeIntervalSince1970)
    }

    /// Fetches issuers' keys until the task is cancelled.
    nonisolated package func refreshKeys() async { await self.keySets.run() }
}
