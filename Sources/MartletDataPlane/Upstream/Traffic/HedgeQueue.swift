import MartletHTTP
import NIOCore

/// Exchanges of one upstream that may be sent once more, in the order in which that is due.
///
/// Confined to the worker's loop. One timer for all of them, once a millisecond at most: the
/// worker's own ticks are too coarse for delays of a few milliseconds. Those that were answered
/// meanwhile are passed over. At most 4096; while it is full, nothing more is hedged.
final class HedgeQueue {
    private static let countMax = 4096
    private static let nanosecondsMin: UInt64 = 1_000_000

    private struct Entry {
        let exchange: Exchange
        /// Tells this use of the object from others.
        let number: UInt64
        let due: UInt64

        var isOver: Bool { self.exchange.waitNumber != self.number }
    }

    private unowned let traffic: UpstreamTraffic
    private unowned let worker: Worker
    private var entries = CircularBuffer<Entry>()
    private var isArmed = false

    init(_ traffic: UpstreamTraffic, worker: Worker) {
        self.traffic = traffic
        self.worker = worker
    }

    /// - `due`: nanoseconds of the worker's clock, no earlier than those before it; a little late
    ///   where a delay has become shorter.
    func append(_ exchange: Exchange, due: UInt64) {
        while let first = self.entries.first, first.isOver { self.entries.removeFirst() }
        guard self.entries.count < Self.countMax else { return }
        self.entries.append(Entry(exchange: exchange, number: exchange.waitNumber, due: due))
        self.arm()
    }

    private func arm() {
        guard !self.isArmed, let first = self.entries.first else { return }
        self.isArmed = true
        let time = max(first.due, self.worker.clock.now &+ Self.nanosecondsMin)
        self.worker.eventLoop.assumeIsolated().scheduleTask(
            deadline: .uptimeNanoseconds(time)
        ) { [weak self] in self?.fire() }
    }

    private func fire() {
        self.worker.eventBegan()
        self.isArmed = false
        let now = self.worker.clock.now
        while let first = self.entries.first, first.isOver || first.due <= now {
            self.entries.removeFirst()
            if !first.isOver { ExchangeDriver.hedgeDue(first.exchange, self.traffic) }
        }
        self.arm()
    }
}
