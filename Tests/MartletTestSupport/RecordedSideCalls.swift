package import MartletDataPlane
import Synchronization

/// What workers ask others for, answered when the test says so.
package final class RecordedSideCalls: SideCallService {
    private struct Pending {
        var answers: [@Sendable (SideCallAnswer) -> Void] = []
        var count = 0
    }

    private let pending = Mutex(Pending())

    package init() {}

    /// Calls so far, answered or not.
    package var count: Int { self.pending.withLock { $0.count } }

    package func start(
        _ call: SideCall, answer: @escaping @Sendable (SideCallAnswer) -> Void
    ) {
        self.pending.withLock { pending in
            pending.answers.append(answer)
            pending.count += 1
        }
    }

    /// Answers the oldest call; does nothing if there is none.
    package func answer(_ answer: SideCallAnswer) {
        let next = self.pending.withLock { pending in
            pending.answers.isEmpty ? nil : pending.answers.removeFirst()
        }
        next?(answer)
    }
}
