import MartletAlgorithms
package import MartletSecurity
package import MartletTelemetry
import NIOCore
import NIOPosix
import Synchronization

/// All workers, seen from outside: the Sendable handle by which the control plane publishes plans,
/// opens and closes listeners, drains and collects counters.
///
/// A plan reaches a worker as one task on its loop, so every request sees all of it or nothing.
package final class WorkerGroup: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let workers: [NIOLoopBound<Worker>]
    package let accessLog: AccessLogSink?
    /// The threads have ended, or are about to: what is submitted to them then is never answered.
    private let isStopped = Mutex(false)

    /// Starts one thread for each worker.
    package static func start(
        count: Int, plan: Plan, accessLog: AccessLogSink?,
        sideCalls: (any SideCallService)? = nil
    ) async throws -> WorkerGroup {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        var workers: [NIOLoopBound<Worker>] = []
        var random = SystemRandomNumberGenerator()
        for (index, eventLoop) in group.makeIterator().enumerated() {
            let seed = random.next()
            let worker = try await eventLoop.submit {
                let worker = Worker(
                    eventLoop: eventLoop, index: index, workerCount: count, plan: plan, seed: seed,
                    connector: SocketConnector(eventLoop: eventLoop),
                    accessLog: AccessLogBatch(sink: accessLog), allocator: ByteBufferAllocator(),
                    sideCalls: sideCalls)
                return NIOLoopBound(worker, eventLoop: eventLoop)
            }.get()
            let tick = TimeAmount.nanoseconds(Int64(WorkerClock.tickNanoseconds))
            eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
                worker.value.tick()
            }
            workers.append(worker)
        }
        return WorkerGroup(group: group, workers: workers, accessLog: accessLog)
    }

    private init(
        group: MultiThreadedEventLoopGroup, workers: [NIOLoopBound<Worker>],
        accessLog: AccessLogSink?
    ) {
        self.group = group
        self.workers = workers
        self.accessLog = accessLog
    }

    package var count: Int { self.workers.count }

    /// Has every worker take the plan over; returns when all have.
    ///
    /// - `listeners`: every open one, those that the plan does not name included.
    package func publish(_ plan: Plan, listeners: [Listener]) async throws {
        try await self.onEveryWorker { worker in
            for listener in listeners { listener.retireIfMissing(in: plan, worker: worker) }
            worker.adopt(plan)
            for listener in listeners { listener.update(worker: worker, plan: plan) }
        }
    }

    /// Has every worker check tokens of an issuer with new keys.
    package func publish(_ keys: KeySet, issuer: String, url: String) async throws {
        try await self.onEveryWorker { worker in
            worker.generation.authentication.keysArrived(keys, issuer: issuer, url: url)
        }
    }

    /// Opens a listener on every worker.
    ///
    /// If one fails, none stays open.
    package func listen(_ plan: ListenerPlan, index: Int) async throws -> Listener {
        try await Listener.open(plan, index: index, workers: self.workers)
    }

    package func drain() async throws {
        try await self.onEveryWorker { $0.drain() }
    }

    package func closeAll() async throws {
        try await self.onEveryWorker { $0.closeAll() }
    }

    /// Client connections and exchanges that are open now.
    package func load() async throws -> (connections: Int, exchanges: Int) {
        var connections = 0
        var exchanges = 0
        for worker in self.workers {
            let load = try await self.ask(worker) { ($0.connectionCount, $0.exchangeCount) }
            connections += load.0
            exchanges += load.1
        }
        return (connections, exchanges)
    }

    /// Copies every worker's counters.
    package func snapshots() async throws -> [MetricsShardSnapshot] {
        var snapshots: [MetricsShardSnapshot] = []
        for worker in self.workers {
            snapshots.append(try await self.ask(worker) { $0.shard.snapshot() })
        }
        return snapshots
    }

    /// Hands the last log lines over and ends the threads.
    package func stop() async throws {
        try await self.onEveryWorker { $0.accessLog.handOver() }
        self.isStopped.withLock { $0 = true }
        try await self.group.shutdownGracefully()
    }

    /// The loop of one worker, for what one of them does for all.
    var firstLoop: any EventLoop { self.workers[0].eventLoop }

    /// Asks every worker, one after the other.
    func collect<Answer: Sendable>(
        _ body: @escaping @Sendable (Worker) -> Answer
    ) async throws -> [Answer] {
        var answers: [Answer] = []
        for worker in self.workers {
            answers.append(try await self.ask(worker, body))
        }
        return answers
    }

    func onEveryWorker(_ body: @escaping @Sendable (Worker) -> Void) async throws {
        for worker in self.workers {
            try await self.ask(worker, body)
        }
    }

    /// - Throws: when the threads have ended: whoever looks at workers now and then may come late.
    private func ask<Answer: Sendable>(
        _ worker: NIOLoopBound<Worker>, _ body: @escaping @Sendable (Worker) -> Answer
    ) async throws -> Answer {
        let answer = self.isStopped.withLock { isStopped -> EventLoopFuture<Answer>? in
            isStopped ? nil : worker.eventLoop.submit { body(worker.value) }
        }
        guard let answer else { throw WorkersStopped() }
        return try await answer.get()
    }
}

/// The workers' threads have ended.
package struct WorkersStopped: Error {}
