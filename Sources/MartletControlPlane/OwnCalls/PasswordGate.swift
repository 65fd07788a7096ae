import Synchronization

/// Counts passwords that are being checked or wait for it, over all workers.
final class PasswordGate: Sendable {
    private let count = Atomic<Int>(0)

    /// At a tenth of a second each, the last of them waits for some seconds.
    static let countMax = 64

    init() {}

    /// - Returns: whether there is room.
    func enter() -> Bool {
        guard self.count.add(1, ordering: .relaxed).newValue <= Self.countMax else {
            self.count.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    func leave() {
        self.count.subtract(1, ordering: .relaxed)
    }
}
