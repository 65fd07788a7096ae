import MartletConfig
package import MartletDataPlane
package import MartletTelemetry
package import NIOCore
package import NIOEmbedded

/// One worker in virtual time: a plan from YAML, clients and upstreams in memory, no kernel, no
/// threads, no sleep.
///
/// Owned by one test.
package final class SimulatedWorker {
    package let eventLoop = EmbeddedEventLoop()
    package let connector: SimulatedConnector
    package let worker: Worker
    package private(set) var plan: Plan
    /// By name; removed ones too.
    package private(set) var listeners: [String: ListenerState] = [:]
    private var version: UInt64 = 1

    /// A listener `public` and a route of everything to an upstream `origin` with one endpoint.
    package static let forwardAll = """
        listeners: { public: ":0" }
        upstreams: { origin: http://127.0.0.1:9001 }
        routes: [{ match: { prefix: / }, upstream: origin }]
        """

    package init(
        _ yaml: String = SimulatedWorker.forwardAll, seed: UInt64 = 1,
        accessLog: AccessLogSink? = nil, sideCalls: (any SideCallService)? = nil
    ) throws {
        self.connector = SimulatedConnector(eventLoop: self.eventLoop)
        self.plan = try Self.compile(yaml, version: 1)
        self.worker = Worker(
            eventLoop: self.eventLoop, index: 0, workerCount: 1, plan: self.plan, seed: seed,
            connector: self.connector, accessLog: AccessLogBatch(sink: accessLog),
            allocator: ByteBufferAllocator(), sideCalls: sideCalls, followsSystemClock: false)
        self.openListeners()
    }

    package static func compile(_ yaml: String, version: UInt64 = 1) throws -> Plan {
        let document = try ConfigLoader.load(
            text: yaml, file: "martlet.yaml", environment: [:]
        ).get()
        var diagnostics: [Diagnostic] = []
        return try PlanCompiler.compile(
            document, version: version, addresses: ResolvedAddresses(),
            diagnostics: &diagnostics)
    }

    private func openListeners() {
        for (index, plan) in self.plan.listeners.enumerated() {
            if let listener = self.listeners[plan.name] {
                listener.update(to: plan, index: index)
            } else {
                self.listeners[plan.name] = ListenerState(
                    plan: plan, index: index, port: 8080, connectionCount: ConnectionCount())
            }
        }
    }

    // MARK: Clients

    package func connectClient(
        to listener: String = "public", from address: String = "192.0.2.1"
    ) throws -> SimulatedChannel {
        guard let state = self.listeners[listener] else { throw MissingListener(name: listener) }
        let channel = SimulatedChannel(
            eventLoop: self.eventLoop,
            remoteAddress: try SocketAddress(ipAddress: address, port: 40000),
            allowsHalfClosure: true)
        try DownstreamPipeline.install(on: channel, worker: self.worker, listener: state)
        channel.activate()
        return channel
    }

    package struct MissingListener: Error { package let name: String }

    // MARK: Time

    /// Does what is due now.
    package func run() { self.eventLoop.run() }

    /// Moves time on in ticks, as the worker's own timer would.
    package func advance(_ time: TimeAmount) {
        let tick = Int64(WorkerClock.tickNanoseconds)
        var left = time.nanoseconds
        while left > 0 {
            self.eventLoop.advanceTime(by: .nanoseconds(min(left, tick)))
            left -= tick
            self.worker.tick()
            self.eventLoop.run()
        }
    }

    // MARK: Reload

    package func reload(_ yaml: String) throws {
        self.version += 1
        self.plan = try Self.compile(yaml, version: self.version)
        for (name, state) in self.listeners
        where !self.plan.listeners.contains(where: { $0.name == name }) {
            self.worker.retire(state)
        }
        self.worker.adopt(self.plan)
        self.openListeners()
        self.run()
    }

    // MARK: State

    package func upstream(_ index: Int = 0) -> Upstream { self.worker.generation.upstreams[index] }
}
