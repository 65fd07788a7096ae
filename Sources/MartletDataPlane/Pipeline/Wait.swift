/// How a step has its exchange wait for something that is not there yet: another server's answer,
/// the rest of the body.
///
/// The client's bytes stay where they are meanwhile. Bounded by `ticks`; a client that goes away
/// ends it.
package struct Wait: Sendable, Equatable, BitwiseCopyable {
    /// Where the program goes on.
    package enum Continuation: UInt8, Sendable, BitwiseCopyable {
        /// The step runs again, and may wait again.
        case sameStep
        case nextStep
    }

    /// What happens when the time is over.
    package enum Late: Sendable, Equatable, BitwiseCopyable {
        case reply(LocalReply)
        /// The program goes on as if the answer had come; the step can tell by its absence.
        case goOn
    }

    /// From now; a wait without an end does not exist.
    package let ticks: UInt64
    package let late: Late
    package let continuation: Continuation

    package init(ticks: UInt64, late: Late, continuation: Continuation) {
        self.ticks = ticks
        self.late = late
        self.continuation = continuation
    }
}

/// The right to have one exchange go on once, from one wait.
///
/// Confined to the exchange's loop. It may be kept for as long as one likes: when the exchange has
/// ended, waits for something else or serves another request, the ticket is void.
package struct WaitTicket {
    package let exchange: Exchange
    fileprivate let number: UInt64

    /// The exchange still waits for this.
    package var isValid: Bool { self.exchange.waitNumber == self.number }
}

extension Exchange {
    /// Makes the ticket for the wait that the running step is about to ask for.
    ///
    /// It must not be used before the step has returned: a step that has its answer at once goes on
    /// without a wait. Tickets made before are void.
    package func makeWaitTicket() -> WaitTicket {
        self.waitNumber &+= 1
        return WaitTicket(exchange: self, number: self.waitNumber)
    }
}
