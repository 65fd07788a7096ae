import MartletAlgorithms
import MartletConfig
import MartletHTTP
package import MartletTelemetry
package import NIOCore

/// One event loop's share of the data plane: its generation, its connections, its clock, its free
/// lists.
///
/// A request never leaves the worker that accepted its connection.
///
/// Confined to its loop. `WorkerGroup` is the only way in from outside.
package final class Worker {
    package let eventLoop: any EventLoop
    package let index: Int
    package let workerCount: Int
    package private(set) var generation: Generation
    package private(set) var clock: WorkerClock
    var wheel: TimerWheel<DeadlineOwner>
    var buffers: BufferPool
    var random: SeededRandom
    package private(set) var isDraining = false
    package let accessLog: AccessLogBatch
    private let connector: any UpstreamConnector
    /// Who does what must not be done here; `nil` where nothing is to be asked, as in a dry run.
    let sideCalls: (any SideCallService)?
    private var freeExchanges: ContiguousArray<Exchange> = []
    private var expired: [DeadlineOwner] = []
    private var connections: ContiguousArray<(any DownstreamConnection)?> = []
    private var freeSlots: ContiguousArray<Int> = []
    /// Connections with something to flush at the end of this turn of the loop.
    private var unflushed: ContiguousArray<UnflushedConnection> = []
    private var flushing: ContiguousArray<UnflushedConnection> = []
    package private(set) var connectionCount = 0
    /// How overloaded it is.
    private(set) var strain = WorkerStrain()
    /// Who has called what is deprecated.
    var deprecatedCalls = DeprecatedCalls()
    /// Who has been kept out, until the control plane has told it.
    var blockedClients = BlockedClients()
    /// Memory of the request bodies that are held.
    package internal(set) var heldBodyBytes = 0
    /// Exchanges between their first byte and their record.
    package private(set) var exchangeCount = 0

    /// Finished exchanges kept for reuse; more are let go.
    private static let freeExchangesMax = 1024

    package init(
        eventLoop: any EventLoop, index: Int, workerCount: Int, plan: Plan, seed: UInt64,
        connector: any UpstreamConnector, accessLog: AccessLogBatch,
        allocator: ByteBufferAllocator, sideCalls: (any SideCallService)? = nil,
        followsSystemClock: Bool = true
    ) {
        self.eventLoop = eventLoop
        self.index = index
        self.workerCount = workerCount
        self.clock = WorkerClock(
            now: eventLoop.now.uptimeNanoseconds, followsSystem: followsSystemClock)
        self.wheel = TimerWheel(slotCount: 2048, currentTick: self.clock.tick)
        self.buffers = BufferPool(allocator: allocator)
        self.random = SeededRandom(seed: seed)
        self.connector = connector
        self.sideCalls = sideCalls
        self.accessLog = accessLog
        self.generation = Generation(plan: plan)
        self.generation.adoptUpstreams(of: nil, worker: self, connector: connector)
        self.strain.update(to: plan.document.loadShedding)
    }

    package var shard: MetricsShard { self.generation.shard }

    /// Every event from outside begins here: the clock is read once for all that follows.
    func eventBegan() {
        self.clock.advance(to: self.eventLoop.now.uptimeNanoseconds)
    }

    func share(of limit: Int) -> Int {
        UpstreamPlan.share(of: limit, worker: self.index, workerCount: self.workerCount)
    }

    // MARK: Plans

    /// New exchanges use the new plan from here on; those in flight keep theirs.
    package func adopt(_ plan: Plan) {
        self.eventBegan()
        let previous = self.generation
        self.generation = Generation(plan: plan, adopting: previous)
        self.generation.adoptUpstreams(of: previous, worker: self, connector: self.connector)
        self.strain.update(to: plan.document.loadShedding)
        // Free exchanges must not keep plans alive that nobody uses.
        for exchange in self.freeExchanges { exchange.generation = self.generation }
    }

    /// To be called before the plan is adopted that no longer has this listener.
    package func retire(_ listener: ListenerState) {
        listener.retire(shard: self.shard)
        for connection in self.connections where connection?.listener === listener {
            connection?.closeIfIdle()
        }
    }

    /// Answers carry `Connection: close` from here on, and idle connections go soon.
    package func drain() {
        self.eventBegan()
        self.isDraining = true
        for upstream in self.generation.upstreams { upstream.closeIdle() }
        for connection in self.connections { connection?.beginDrain() }
    }

    /// The drain deadline is over.
    package func closeAll() {
        for connection in self.connections { connection?.close() }
    }

    // MARK: Ticks

    /// Called every 50 ms by the loop.
    package func tick() {
        self.eventBegan()
        self.clock.readWallClock()
        self.strain.tick(now: self.clock.now)
        self.wheel.advance(to: self.clock.tick, into: &self.expired)
        for owner in self.expired {
            switch owner {
            case .handshake(let handler): handler.deadlineFired()
            case .downstream(let handler): handler.deadlineFired()
            case .http2Downstream(let handler): handler.deadlineFired()
            case .http2LateResets(let handler): handler.lateResetsDue()
            case .upstream(let handler): handler.deadlineFired()
            case .http2Upstream(let handler): handler.deadlineFired()
            case .tcpDownstream(let handler): handler.deadlineFired()
            case .tcpUpstream(let handler): handler.deadlineFired()
            case .exchange(let exchange): ExchangeDriver.deadlineFired(exchange)
            case .pacing(let exchange): ExchangeDriver.pacingEnded(exchange)
            }
        }
        self.expired.removeAll(keepingCapacity: true)
        self.accessLog.handOver()
    }

    // MARK: Connections

    func connectionOpened(_ handler: any DownstreamConnection) {
        self.connectionCount += 1
        handler.listener.shard(self).connectionOpened(listener: handler.listener.index)
        if let slot = self.freeSlots.popLast() {
            self.connections[slot] = handler
            handler.slot = slot
        } else {
            handler.slot = self.connections.count
            self.connections.append(handler)
        }
    }

    /// A connection that is open goes on with another handler.
    func connectionReplaced(
        _ handler: any DownstreamConnection, by successor: any DownstreamConnection
    ) {
        guard handler.slot >= 0 else { return }
        successor.slot = handler.slot
        handler.slot = -1
        self.connections[successor.slot] = successor
    }

    func connectionClosed(_ handler: any DownstreamConnection) {
        guard handler.slot >= 0 else { return }
        self.connectionCount -= 1
        self.connections[handler.slot] = nil
        self.freeSlots.append(handler.slot)
        handler.slot = -1
        handler.listener.connectionCount.leave()
        handler.listener.shard(self).connectionClosed(listener: handler.listener.index)
    }

    // MARK: Flushing

    /// Has the connection flush once everything that this turn of the loop brought has been
    /// handled: what many exchanges wrote to it goes out together.
    func flushAtEndOfTurn(_ connection: UnflushedConnection) {
        self.unflushed.append(connection)
        guard self.unflushed.count == 1 else { return }
        self.eventLoop.assumeIsolated().execute {
            // The two lists take turns, so that neither is allocated again.
            swap(&self.unflushed, &self.flushing)
            for connection in self.flushing {
                switch connection {
                case .http2Downstream(let handler): handler.flushNow()
                case .http2Upstream(let handler): handler.flushNow()
                }
            }
            self.flushing.removeAll(keepingCapacity: true)
        }
    }

    // MARK: Exchanges

    func takeExchange(listener: ListenerState, peer: ClientAddress) -> Exchange {
        self.exchangeCount += 1
        let exchange =
            self.freeExchanges.popLast()
            ?? Exchange(worker: self, listener: listener, peer: peer)
        exchange.listener = listener
        exchange.peer = peer
        exchange.origin = ForwardedOrigin(peer: peer, isPeerTrusted: false)
        exchange.generation = self.generation
        exchange.startedAt = self.clock.now
        // With the generation, which gives the index its meaning.
        exchange.record.listener = UInt16(clamping: listener.index)
        exchange.record.startNanoseconds = self.clock.wallClock
        return exchange
    }

    /// An exchange without a client, for another try of the same request.
    func takeHedge(of exchange: Exchange) -> Exchange {
        let hedge = self.takeExchange(listener: exchange.listener, peer: exchange.peer)
        hedge.generation = exchange.generation
        hedge.hedged = exchange
        hedge.request.copy(exchange.request)
        hedge.match = exchange.match
        hedge.upstream = exchange.upstream
        hedge.upstreamStartedAt = self.clock.now
        if exchange.heldBody.byteCount > 0 { hedge.shareHeldBody(of: exchange) }
        hedge.machine.forwardDecided()
        return hedge
    }

    func giveBack(_ exchange: Exchange) {
        self.exchangeCount -= 1
        exchange.reset()
        guard self.freeExchanges.count < Self.freeExchangesMax else {
            return exchange.deadline.cancel(worker: self)
        }
        // Its place in the wheel waits for the next use: a request that is served in time costs
        // the wheel nothing.
        exchange.deadline.clear()
        self.freeExchanges.append(exchange)
    }
}

/// A connection that many exchanges write to in one turn of the loop.
enum UnflushedConnection {
    case http2Downstream(HTTP2DownstreamHandler)
    case http2Upstream(HTTP2UpstreamHandler)
}
