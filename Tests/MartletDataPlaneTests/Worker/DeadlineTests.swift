import MartletDataPlane
import MartletHTTP
import MartletTestSupport
import NIOCore
import Testing

/// One owner's place in the wheel; what the deadlines are for is in `TimeoutTests`.
@Suite struct DeadlineTests {
    private let simulation: SimulatedWorker
    private let listener: ListenerState

    init() throws {
        self.simulation = try SimulatedWorker()
        self.listener = try #require(self.simulation.listeners["public"])
    }

    private func makeOwner() -> HTTP1DownstreamHandler {
        HTTP1DownstreamHandler(
            worker: self.simulation.worker, listener: self.listener, peer: .unspecified)
    }

    private var tick: UInt64 { self.simulation.worker.clock.tick }

    private func advance(ticks: Int64) {
        self.simulation.advance(.nanoseconds(ticks * Int64(WorkerClock.tickNanoseconds)))
    }

    /// Each is a list of ticks that are set one after the other; the last one counts.
    @Test(
        arguments: [
            ([5], 5), ([5, 9], 9), ([9, 5], 5), ([5, 9, 7], 7), ([5, 5], 5), ([1], 1),
        ] as [([UInt64], UInt64)])
    func isDueAtTheTickThatWasSetLast(ticks: [UInt64], due: UInt64) {
        let owner = DeadlineOwner.downstream(self.makeOwner())
        let start = self.tick
        var deadline = Deadline()
        for tick in ticks {
            deadline.set(start + tick, owner: owner, worker: self.simulation.worker)
        }
        #expect(deadline.tick == start + due)
        while self.tick < start + due {
            let isDue = deadline.fired(owner: owner, worker: self.simulation.worker)
            #expect(!isDue)
            self.advance(ticks: 1)
        }
        let isDue = deadline.fired(owner: owner, worker: self.simulation.worker)
        #expect(isDue)
        #expect(deadline.tick == .max)
        let isDueAgain = deadline.fired(owner: owner, worker: self.simulation.worker)
        #expect(!isDueAgain)
        deadline.cancel(worker: self.simulation.worker)
    }

    @Test func whatWasClearedIsNeverDue() {
        let owner = DeadlineOwner.downstream(self.makeOwner())
        var deadline = Deadline()
        deadline.set(self.tick + 2, owner: owner, worker: self.simulation.worker)
        deadline.clear()
        #expect(deadline.tick == .max)
        self.advance(ticks: 5)
        let isDue = deadline.fired(owner: owner, worker: self.simulation.worker)
        #expect(!isDue)
    }

    @Test func aDeadlineOfThePastIsDueNow() {
        let owner = DeadlineOwner.downstream(self.makeOwner())
        self.advance(ticks: 10)
        var deadline = Deadline()
        deadline.set(self.tick - 5, owner: owner, worker: self.simulation.worker)
        let isDue = deadline.fired(owner: owner, worker: self.simulation.worker)
        #expect(isDue)
    }

    /// The wheel holds its owner for as long as it is in it and no longer.
    @Test func cancellingLetsTheOwnerGo() {
        var owner: HTTP1DownstreamHandler? = self.makeOwner()
        weak let watched = owner
        var deadline = Deadline()
        if let owner {
            deadline.set(
                self.tick + 100, owner: .downstream(owner), worker: self.simulation.worker)
        }
        owner = nil
        #expect(watched != nil)
        deadline.cancel(worker: self.simulation.worker)
        #expect(watched == nil)
        #expect(deadline.tick == .max)
        deadline.cancel(worker: self.simulation.worker)
    }

    /// A later deadline leaves the wheel as it is: it fires at the old tick.
    @Test(arguments: [([4, 50], 4), ([50, 4], 4), ([4, 50, 20], 4)] as [([UInt64], Int64)])
    func theWheelFiresAtTheEarliestTick(ticks: [UInt64], fires: Int64) {
        var owner: HTTP1DownstreamHandler? = self.makeOwner()
        weak let watched = owner
        let start = self.tick
        var deadline = Deadline()
        if let owner {
            for tick in ticks {
                deadline.set(
                    start + tick, owner: .downstream(owner), worker: self.simulation.worker)
            }
        }
        owner = nil
        self.advance(ticks: fires - 1)
        #expect(watched != nil)
        // The owner has a deadline of its own, so it does not ask for this one again.
        self.advance(ticks: 1)
        #expect(watched == nil)
    }
}
