/// Lets one change of the running plan through at a time, in the order in which they came.
///
/// Whoever waits is a signal, a timer or a call to the admin server: as many as those can be.
actor ChangeGate {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        guard self.isTaken else {
            self.isTaken = true
            return
        }
        await withCheckedContinuation { self.waiting.append($0) }
    }

    func leave() {
        guard !self.waiting.isEmpty else {
            self.isTaken = false
            return
        }
        self.waiting.removeFirst().resume()
    }
}
