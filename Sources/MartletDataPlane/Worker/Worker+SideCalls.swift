import MartletAlgorithms
import NIOCore

/// Calls that go to other threads, and their answers' way back.
extension Worker {
    /// Seconds since 1970.
    var wallSeconds: Int64 { self.clock.wallClock / 1_000_000_000 }

    var limitTime: LimitTime {
        LimitTime(monotonic: self.clock.now, wall: self.clock.wallClock)
    }

    /// Has a call made; `ended` is called on this loop.
    func start(
        _ call: SideCall, on service: any SideCallService, for state: AuthenticationState,
        ended: @escaping @Sendable (AuthenticationState, SideCallAnswer) -> Void
    ) {
        let eventLoop = self.eventLoop
        let state = NIOLoopBound(state, eventLoop: eventLoop)
        let worker = NIOLoopBound(self, eventLoop: eventLoop)
        service.start(call) { answer in
            eventLoop.execute {
                worker.value.eventBegan()
                ended(state.value, answer)
            }
        }
    }
}
