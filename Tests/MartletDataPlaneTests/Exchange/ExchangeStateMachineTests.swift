import MartletDataPlane
import Testing

@Suite struct ExchangeStateMachineTests {
    typealias Machine = ExchangeStateMachine

    /// A machine whose connection is there.
    private func attached(hasBody: Bool = false) -> Machine {
        var machine = Machine(hasBody: hasBody)
        machine.forwardDecided()
        machine.connectionLeased()
        return machine
    }

    @Test func bodyBytesWaitForAConnectionAndAreDroppedAfterTheAnswer() {
        var machine = Machine(hasBody: true)
        #expect(machine.requestBodyReceived() == .wait)
        machine.forwardDecided()
        #expect(machine.requestBodyReceived() == .wait)
        machine.connectionLeased()
        #expect(machine.requestBodyReceived() == .forward)
        _ = machine.responseHeadReceived(status: 200)
        #expect(machine.requestBodyReceived() == .forward)
        _ = machine.responseEnded(upstreamKeepsAlive: true)
        #expect(machine.requestBodyReceived() == .discard)
    }

    @Test func aBodyIsHeldUntilItsEnd() {
        var machine = Machine(hasBody: true)
        machine.holdDecided()
        #expect(machine.requestBodyReceived() == .hold)
        let ended = machine.requestEnded()
        #expect(ended == .goOn)
        machine.forwardDecided()
        machine.connectionLeased()
        // Nothing of it was used up: a stale connection is no reason to give up.
        let failed = machine.upstreamFailed(
            isReusedConnection: true, isIdempotent: true, hasReceivedBytes: false)
        #expect(failed == .retry)
    }

    @Test func aBodyIsDroppedOnceThereIsAnAnswer() {
        var machine = Machine(hasBody: true)
        machine.holdDecided()
        _ = machine.localReplyDecided()
        #expect(machine.requestBodyReceived() == .discard)
        let ended = machine.requestEnded()
        #expect(ended == .none)
    }

    @Test func theEndOfTheRequestIsSentToWhoIsThere() {
        var machine = self.attached(hasBody: true)
        #expect(machine.request == .receiving)
        let sent = machine.requestEnded()
        #expect(sent == .sendEnd)
        #expect(machine.request == .complete)
        var waiting = Machine(hasBody: true)
        waiting.forwardDecided()
        let kept = waiting.requestEnded()
        #expect(kept == .none)
    }

    @Test(arguments: [
        (UInt16(100), Machine.OnResponseHead.forwardInterim, Machine.Response.awaited),
        (103, .forwardInterim, .awaited), (199, .forwardInterim, .awaited),
        (101, .failProtocol, .awaited), (200, .forward, .streaming), (599, .forward, .streaming),
    ])
    func responseHead(status: UInt16, action: Machine.OnResponseHead, state: Machine.Response) {
        var machine = self.attached()
        let first = machine.responseHeadReceived(status: status)
        #expect(first == action)
        #expect(machine.response == state)
        // A head after the head, and one that nobody waits for.
        if state == .streaming {
            let second = machine.responseHeadReceived(status: 200)
            #expect(second == .failProtocol)
        }
        var idle = Machine(hasBody: false)
        let unasked = idle.responseHeadReceived(status: status)
        #expect(unasked == .failProtocol)
    }

    @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
    func connectionsAreReusedInAKnownStateOnly(isReceiving: Bool, keepsAlive: Bool) {
        var machine = self.attached(hasBody: isReceiving)
        _ = machine.responseHeadReceived(status: 200)
        let ended = machine.responseEnded(upstreamKeepsAlive: keepsAlive)
        #expect(ended.canReuseUpstream == (keepsAlive && !isReceiving))
        #expect(ended.canReuseDownstream == !isReceiving)
        #expect(machine.isFinished)
        #expect(machine.upstream == .released)
    }

    @Test func aLocalReplyIsSentUnlessAnAnswerHasBegun() {
        var machine = self.attached()
        let sent = machine.localReplyDecided()
        #expect(sent == .send)
        #expect(machine.isFinished)
        var streaming = self.attached()
        _ = streaming.responseHeadReceived(status: 200)
        let cut = streaming.localReplyDecided()
        #expect(cut == .abort)
        let again = machine.localReplyDecided()
        #expect(again == .abort)
    }

    /// All sixteen combinations; only one of them is a retry, and only once.
    @Test(arguments: 0..<16)
    func retries(bits: Int) {
        let isReused = bits & 1 != 0
        let isIdempotent = bits & 2 != 0
        let hasReceivedBytes = bits & 4 != 0
        var machine = self.attached(hasBody: true)
        if bits & 8 != 0 { machine.requestBodySent() }
        let action = machine.upstreamFailed(
            isReusedConnection: isReused, isIdempotent: isIdempotent,
            hasReceivedBytes: hasReceivedBytes)
        #expect(action == (bits == 3 ? .retry : .reply))
        #expect(machine.upstream == (bits == 3 ? .waiting : .attached))
        machine.connectionLeased()
        let second = machine.upstreamFailed(
            isReusedConnection: true, isIdempotent: true, hasReceivedBytes: false)
        #expect(second == .reply)
        #expect(machine.attempts == 2)
    }

    /// What the upstream did not look at is sent again whatever the method, twice, as long as all
    /// of the body that has gone out is there.
    @Test(arguments: [nil, true, false], [true, false])
    func unprocessed(isBodyKept: Bool?, isReused: Bool) {
        var machine = self.attached(hasBody: true)
        if let isBodyKept { machine.requestBodySent(isKept: isBodyKept) }
        #expect(machine.canReplayBody(isUnprocessed: false) == (isBodyKept == nil))
        for attempt in 1...3 {
            let action = machine.upstreamFailed(
                isReusedConnection: isReused, isIdempotent: false, hasReceivedBytes: true,
                isUnprocessed: true)
            #expect(action == (isBodyKept != false && attempt < 3 ? .retry : .reply))
            machine.connectionLeased()
        }
    }

    @Test func afterTheAnswerHasBegunAFailureCutsIt() {
        var machine = self.attached()
        _ = machine.responseHeadReceived(status: 200)
        let action = machine.upstreamFailed(
            isReusedConnection: true, isIdempotent: true, hasReceivedBytes: false)
        #expect(action == .abort)
    }

    @Test func whatAClientThatLeavesTakesAlong() {
        var machines = [Machine(hasBody: true), Machine(hasBody: true), self.attached()]
        machines[1].forwardDecided()
        var finished = self.attached()
        _ = finished.responseEnded(upstreamKeepsAlive: true)
        machines.append(finished)
        let expected: [Machine.OnDownstreamClosed] = [.none, .cancelLease, .closeUpstream, .none]
        for (index, action) in expected.enumerated() {
            let closed = machines[index].downstreamClosed()
            #expect(closed == action)
            #expect(machines[index].isFinished)
            #expect(machines[index].upstream == .released)
            let again = machines[index].downstreamClosed()
            #expect(again == .none)
        }
    }
}
