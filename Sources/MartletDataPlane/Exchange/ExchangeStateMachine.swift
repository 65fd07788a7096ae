/// Which side of an exchange has got how far, and what follows from what happens next.
///
/// Pure: inputs are past facts, results say what the driver has to do. Request and response run
/// independently (an answer may come before the request has ended), so the state is their product.
///
///     request    receiving ──────────────► complete
///     upstream   undecided ─► waiting ─► attached ─► released
///     response   awaited ─► streaming ─► complete
package struct ExchangeStateMachine: Sendable, BitwiseCopyable, Equatable {
    package enum Request: UInt8, Sendable, BitwiseCopyable { case receiving, complete }
    package enum Upstream: UInt8, Sendable, BitwiseCopyable {
        /// The route's steps have not come to their end; body bytes are held.
        case undecided
        /// A connection is being opened or waited for; the queue deadline runs.
        case waiting
        /// The connection is this exchange's alone; the response deadline runs.
        case attached
        /// Given back or closed.
        case released
    }
    package enum Response: UInt8, Sendable, BitwiseCopyable { case awaited, streaming, complete }

    package private(set) var request: Request
    package private(set) var upstream = Upstream.undecided
    package private(set) var response = Response.awaited
    /// Tries so far; a stale pooled connection earns one more.
    package private(set) var attempts: UInt8 = 0
    /// A byte of the request body has been sent upstream that is not kept for retries.
    package private(set) var hasSentBody = false
    /// A byte of it has been sent that is not kept at all: it cannot be sent again, even if the
    /// upstream has not looked at it.
    package private(set) var hasLostBody = false
    /// A step waits for the whole body, which is held meanwhile.
    package private(set) var holdsBody = false
    /// The request asks for another protocol: bytes behind its head belong to that one.
    package let wantsUpgrade: Bool

    package init(hasBody: Bool, wantsUpgrade: Bool = false) {
        self.request = hasBody ? .receiving : .complete
        self.wantsUpgrade = wantsUpgrade
    }

    /// Whether nothing is left to happen.
    package var isFinished: Bool { self.response == .complete }

    // MARK: Forwarding

    /// A step wants the whole body before it decides.
    package mutating func holdDecided() {
        self.holdsBody = true
    }

    /// It decides without: what comes from here on waits for a connection.
    package mutating func holdGivenUp() {
        self.holdsBody = false
    }

    /// The route leads to an upstream.
    package mutating func forwardDecided() {
        self.upstream = .waiting
    }

    package mutating func connectionLeased() {
        self.upstream = .attached
        self.attempts += 1
    }

    package enum OnRequestBody: Equatable {
        /// Leave it with the client's side: there is no connection yet.
        case wait
        /// Hold it with the exchange: a step wants all of it.
        case hold
        case forward
        /// The answer has been given; nobody wants the rest.
        case discard
    }

    /// Body bytes have arrived from the client.
    package func requestBodyReceived() -> OnRequestBody {
        switch self.upstream {
        case .undecided: self.holdsBody ? .hold : .wait
        case .waiting: .wait
        // Not before the upstream has agreed.
        case .attached: self.wantsUpgrade && self.response == .awaited ? .wait : .forward
        case .released: .discard
        }
    }

    /// Body bytes have gone out that are no longer kept for retries.
    ///
    /// - `isKept`: they are kept for an upstream that did not look at them.
    package mutating func requestBodySent(isKept: Bool = false) {
        self.hasSentBody = true
        if !isKept { self.hasLostBody = true }
    }

    /// Whether what has gone out of the body can go out again.
    package func canReplayBody(isUnprocessed: Bool) -> Bool {
        isUnprocessed ? !self.hasLostBody : !self.hasSentBody
    }

    package enum OnRequestEnded: Equatable {
        case sendEnd
        /// The step that waited for the whole body has it.
        case goOn
        case none
    }

    /// The last byte of the request has arrived.
    package mutating func requestEnded() -> OnRequestEnded {
        self.request = .complete
        switch self.upstream {
        case .attached: return .sendEnd
        case .undecided: return self.holdsBody ? .goOn : .none
        case .waiting, .released: return .none
        }
    }

    // MARK: Hedging

    /// The request has been sent once more while it was under way.
    package mutating func hedgeSent() {
        self.attempts += 1
    }

    /// The connection of that try is the exchange's now.
    package mutating func hedgeTaken() {
        self.upstream = .attached
    }

    // MARK: Answering

    package enum OnResponseHead: Equatable {
        case forwardInterim
        case forward
        /// The upstream has agreed to change the protocol.
        case openTunnel
        /// A head after the head.
        case failProtocol
    }

    package mutating func responseHeadReceived(status: UInt16) -> OnResponseHead {
        guard self.response == .awaited, self.upstream == .attached else { return .failProtocol }
        if status == 101 {
            // If nobody asked for another protocol, 101 is no answer (RFC 9110 §15.2.2).
            guard self.wantsUpgrade else { return .failProtocol }
            self.response = .streaming
            // What the client sends from here on belongs to the tunnel.
            self.request = .receiving
            return .openTunnel
        }
        guard status >= 200 else { return .forwardInterim }
        self.response = .streaming
        return .forward
    }

    package struct OnResponseEnded: Equatable {
        /// The upstream connection is in a known state between two messages.
        package var canReuseUpstream: Bool
        /// The client's message has been read whole, so the next one can be found.
        package var canReuseDownstream: Bool
    }

    package mutating func responseEnded(upstreamKeepsAlive: Bool) -> OnResponseEnded {
        self.response = .complete
        self.upstream = .released
        let isRead = self.request == .complete
        return OnResponseEnded(
            canReuseUpstream: upstreamKeepsAlive && isRead, canReuseDownstream: isRead)
    }

    package enum OnLocalReply: Equatable {
        case send
        /// The client has part of an answer already: cut the connection, so that it can tell.
        case abort
    }

    /// Martlet itself answers.
    package mutating func localReplyDecided() -> OnLocalReply {
        guard self.response == .awaited else {
            self.response = .complete
            self.upstream = .released
            return .abort
        }
        self.response = .complete
        self.upstream = .released
        return .send
    }

    // MARK: Failing

    package enum OnUpstreamFailed: Equatable {
        case retry
        case reply
        case abort
    }

    /// The upstream connection is lost before the response was whole.
    ///
    /// A connection that had been used before may have been closed by the upstream just as the
    /// request was written. Then one more try is made, if nothing can take effect twice: the method
    /// is idempotent (RFC 9110 §9.2.2) and no body byte has gone out (RFC 9112 §9.3.1). So it is,
    /// whatever the method, when the upstream has said that it did not look at the request (RFC
    /// 9113 §8.7); then the body may have begun to go out, if all that has gone is kept.
    package mutating func upstreamFailed(
        isReusedConnection: Bool, isIdempotent: Bool, hasReceivedBytes: Bool,
        isUnprocessed: Bool = false
    ) -> OnUpstreamFailed {
        guard self.response == .awaited else { return .abort }
        let isSafe = isUnprocessed || (isReusedConnection && isIdempotent && !hasReceivedBytes)
        if isSafe, self.canReplayBody(isUnprocessed: isUnprocessed),
            self.attempts < (isUnprocessed ? 3 : 2)
        {
            self.upstream = .waiting
            return .retry
        }
        return .reply
    }

    /// A failed try is made again, at once or after a while.
    package mutating func retryDecided() {
        self.upstream = .waiting
    }

    package enum OnDownstreamClosed: Equatable {
        case none
        case cancelLease
        case closeUpstream
    }

    /// The client is gone.
    package mutating func downstreamClosed() -> OnDownstreamClosed {
        let before = self.upstream
        guard self.response != .complete else { return .none }
        self.response = .complete
        self.request = .complete
        self.upstream = .released
        switch before {
        case .undecided, .released: return .none
        case .waiting: return .cancelLease
        case .attached: return .closeUpstream
        }
    }
}
