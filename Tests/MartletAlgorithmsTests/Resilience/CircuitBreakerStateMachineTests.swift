import MartletAlgorithms
import Testing

@Suite struct CircuitBreakerStateMachineTests {
    private var plan: CircuitBreakerPlan {
        var plan = CircuitBreakerPlan()
        plan.window = .calls(10)
        plan.callCountMin = 4
        plan.failurePercent = 50
        plan.slowNanoseconds = 100
        plan.slowPercent = 75
        plan.openNanoseconds = 1000
        plan.openNanosecondsMax = 3000
        plan.probeCount = 3
        plan.probeNanosecondsMax = 500
        return plan
    }

    /// Makes a call that ends at once; `nil` if it was rejected.
    private func call(
        _ breaker: inout CircuitBreakerStateMachine, hasFailed: Bool, nanoseconds: UInt64 = 1,
        now: UInt64
    ) -> CircuitBreakerStateMachine.OnCallEnded? {
        guard case .permit(let permit) = breaker.callRequested(now: now) else { return nil }
        return breaker.callEnded(
            permit, hasFailed: hasFailed, nanoseconds: nanoseconds, now: now)
    }

    private func opened(now: UInt64) -> CircuitBreakerStateMachine {
        var breaker = CircuitBreakerStateMachine(plan: self.plan)
        for _ in 0..<4 { _ = self.call(&breaker, hasFailed: true, now: now) }
        return breaker
    }

    // MARK: Opening

    @Test func opensWhenEnoughCallsHaveFailed() {
        var breaker = CircuitBreakerStateMachine(plan: self.plan)
        #expect(self.call(&breaker, hasFailed: true, now: 7) == .some(.none))
        #expect(self.call(&breaker, hasFailed: true, now: 7) == .some(.none))
        #expect(self.call(&breaker, hasFailed: false, now: 7) == .some(.none))
        #expect(
            self.call(&breaker, hasFailed: false, now: 7)
                == .opened(.failures, untilNanoseconds: 1007))
        #expect(!breaker.isClosed)
        #expect(breaker.callRequested(now: 8) == .reject(retryAfterNanoseconds: 999))
    }

    @Test func opensWhenEnoughCallsAreSlow() {
        var breaker = CircuitBreakerStateMachine(plan: self.plan)
        for nanoseconds in [101, 100, 101] as [UInt64] {
            _ = self.call(&breaker, hasFailed: false, nanoseconds: nanoseconds, now: 0)
        }
        #expect(
            self.call(&breaker, hasFailed: false, nanoseconds: 500, now: 0)
                == .opened(.slowCalls, untilNanoseconds: 1000))
    }

    @Test func theEndsOfOlderCallsSayNothing() {
        var breaker = CircuitBreakerStateMachine(plan: self.plan)
        guard case .permit(let old) = breaker.callRequested(now: 0) else { return }
        for _ in 0..<4 { _ = self.call(&breaker, hasFailed: true, now: 0) }
        #expect(breaker.callEnded(old, hasFailed: false, nanoseconds: 1, now: 1) == .none)
        _ = breaker.callRequested(now: 1000)
        #expect(breaker.callEnded(old, hasFailed: true, nanoseconds: 1, now: 1001) == .none)
        #expect(!breaker.isClosed)
    }

    // MARK: Probing

    @Test func letsThroughSoManyProbes() {
        var breaker = self.opened(now: 0)
        #expect(breaker.callRequested(now: 999) == .reject(retryAfterNanoseconds: 1))
        let answers = (0..<4).map { _ in breaker.callRequested(now: 1000) }
        let probes = answers.compactMap { answer -> CallPermit? in
            if case .permit(let permit) = answer { permit } else { nil }
        }
        #expect(probes.count == 3)
        #expect(probes.allSatisfy { $0.isProbe })
        #expect(answers[3] == .reject(retryAfterNanoseconds: 0))
        #expect(
            breaker.callEnded(probes[0], hasFailed: false, nanoseconds: 1, now: 1001) == .none)
        #expect(
            breaker.callEnded(probes[1], hasFailed: false, nanoseconds: 1, now: 1001) == .closed,
            "the third cannot bring the failures to half")
        #expect(breaker.isClosed)
    }

    @Test func anAbandonedProbeMakesRoomForAnother() {
        var breaker = self.opened(now: 0)
        var permits: [CallPermit] = []
        for _ in 0..<3 {
            if case .permit(let permit) = breaker.callRequested(now: 1000) {
                permits.append(permit)
            }
        }
        breaker.callAbandoned(permits[0])
        guard case .permit = breaker.callRequested(now: 1000) else {
            Issue.record("no room")
            return
        }
        #expect(breaker.callRequested(now: 1000) == .reject(retryAfterNanoseconds: 0))
    }

    @Test func lostProbesAreReplaced() {
        var breaker = self.opened(now: 0)
        for _ in 0..<3 { _ = breaker.callRequested(now: 1000) }
        #expect(breaker.callRequested(now: 1499) == .reject(retryAfterNanoseconds: 0))
        guard case .permit(let permit) = breaker.callRequested(now: 1500) else {
            Issue.record("still waiting")
            return
        }
        #expect(permit.isProbe)
    }

    @Test func staysOpenLongerEachTimeAndForgetsWhenItHasBeenGood() {
        var breaker = self.opened(now: 0)
        var now: UInt64 = 1000
        for duration in [2000, 3000, 3000] as [UInt64] {
            _ = self.call(&breaker, hasFailed: true, now: now)
            #expect(
                self.call(&breaker, hasFailed: true, now: now)
                    == .opened(.probesFailed, untilNanoseconds: now + duration))
            now += duration
        }
        for _ in 0..<2 { _ = self.call(&breaker, hasFailed: false, now: now) }
        #expect(breaker.isClosed)
        for _ in 0..<3 { _ = self.call(&breaker, hasFailed: true, now: now + 2999) }
        #expect(
            self.call(&breaker, hasFailed: true, now: now + 2999)
                == .opened(.failures, untilNanoseconds: now + 2999 + 3000),
            "closed for less than it was open")
        now += 2999 + 3000
        for _ in 0..<2 { _ = self.call(&breaker, hasFailed: false, now: now) }
        for _ in 0..<3 { _ = self.call(&breaker, hasFailed: true, now: now + 3000) }
        #expect(
            self.call(&breaker, hasFailed: true, now: now + 3000)
                == .opened(.failures, untilNanoseconds: now + 3000 + 1000))
    }

    // MARK: Agreeing

    @Test func workersFollowEachOther() throws {
        let first = self.opened(now: 50)
        var second = CircuitBreakerStateMachine(plan: self.plan)
        guard case .permit(let old) = second.callRequested(now: 60) else { return }
        #expect(second.opening == nil)
        second.othersOpened(try #require(first.opening))
        #expect(second.opening == first.opening)
        #expect(second.callRequested(now: 60) == .reject(retryAfterNanoseconds: 990))
        #expect(second.callEnded(old, hasFailed: true, nanoseconds: 1, now: 61) == .none)
        second.othersOpened(CircuitBreakerOpening(untilNanoseconds: 70, openCount: 9))
        #expect(second.opening == first.opening, "an earlier end is no news")
    }

    // MARK: Model

    /// A breaker in other words: all calls in a list, every question answered from it.
    private struct Model {
        let plan: CircuitBreakerPlan
        var history: [(hasFailed: Bool, isSlow: Bool)] = []
        var openUntil: UInt64?
        var probes: (began: UInt64, out: Int, bad: Int, good: Int)?
        var times = 0
        var closedAt: UInt64 = 0
        var lastLength: UInt64 = 0

        mutating func mayCall(_ now: UInt64) -> Bool {
            if let until = self.openUntil {
                guard now >= until else { return false }
                self.openUntil = nil
                self.probes = (now, 1, 0, 0)
                return true
            }
            guard let probes = self.probes else { return true }
            if probes.out + probes.bad + probes.good < Int(self.plan.probeCount) {
                self.probes?.out += 1
                return true
            }
            guard now >= probes.began + self.plan.probeNanosecondsMax else { return false }
            self.probes = (now, 1, 0, 0)
            return true
        }

        mutating func ended(_ hasFailed: Bool, _ isSlow: Bool, _ now: UInt64) {
            if var probes = self.probes {
                probes.out -= 1
                if hasFailed || isSlow { probes.bad += 1 } else { probes.good += 1 }
                self.probes = probes
                let all = Double(self.plan.probeCount)
                let limit = Double(self.plan.failurePercent) / 100
                if Double(probes.bad) / all >= limit {
                    self.open(now)
                } else if (all - Double(probes.good)) / all < limit {
                    self.probes = nil
                    self.closedAt = now
                    self.history = []
                }
                return
            }
            self.history.append((hasFailed, isSlow))
            guard case .calls(let size) = self.plan.window else { return }
            let last = self.history.suffix(size)
            guard last.count >= Int(self.plan.callCountMin) else { return }
            let share = { (count: Int) in Double(count) * 100 / Double(last.count) }
            if share(last.count { $0.hasFailed }) >= Double(self.plan.failurePercent)
                || share(last.count { $0.isSlow }) >= Double(self.plan.slowPercent)
            {
                if now - self.closedAt >= self.lastLength { self.times = 0 }
                self.open(now)
            }
        }

        mutating func open(_ now: UInt64) {
            var length = self.plan.openNanoseconds
            for _ in 0..<self.times { length = min(length * 2, self.plan.openNanosecondsMax) }
            self.times += 1
            self.lastLength = length
            self.openUntil = now + length
            self.probes = nil
            self.history = []
        }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func agreesWithTheModel(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var breaker = CircuitBreakerStateMachine(plan: self.plan)
        var model = Model(plan: self.plan)
        // Calls under way, with the state that they began in.
        var calls: [(permit: CallPermit, epoch: Int)] = []
        var (now, epoch, share) = (UInt64(0), 0, UInt64(2))
        for step in 0..<2000 {
            now += random.next(below: 80)
            if random.next(below: 60) == 0 { share = random.next(below: 11) }
            if calls.isEmpty || random.next(below: 2) == 0 {
                let before = (model.openUntil == nil, model.probes?.began)
                let expected = model.mayCall(now)
                let after = (model.openUntil == nil, model.probes?.began)
                if before != after { epoch += 1 }
                switch breaker.callRequested(now: now) {
                case .permit(let permit):
                    if !expected { Issue.record("seed \(seed) step \(step): permitted") }
                    calls.append((permit, epoch))
                case .reject:
                    if expected { Issue.record("seed \(seed) step \(step): rejected") }
                }
            } else {
                let call = calls.remove(at: Int(random.next(below: UInt64(calls.count))))
                let hasFailed = random.next(below: 10) < share
                let isSlow = random.next(below: 10) < share / 2
                if call.epoch == epoch {
                    let before = (model.openUntil == nil, model.probes == nil)
                    model.ended(hasFailed, isSlow, now)
                    let after = (model.openUntil == nil, model.probes == nil)
                    if before != after { epoch += 1 }
                }
                _ = breaker.callEnded(
                    call.permit, hasFailed: hasFailed, nanoseconds: isSlow ? 200 : 50, now: now)
            }
            let isClosed = model.openUntil == nil && model.probes == nil
            if breaker.isClosed != isClosed {
                Issue.record("seed \(seed) step \(step): closed is \(breaker.isClosed)")
                return
            }
            #expect(breaker.opening?.untilNanoseconds == model.openUntil, "seed \(seed)")
        }
    }
}
