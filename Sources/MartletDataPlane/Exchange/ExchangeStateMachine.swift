/// Which side of an exchange has got how far, and what follows from what happens next.
///
/// Pure: inputs are past facts, results say what the driver has to do. Request and response run
/// independently (an answer may come before the request has ended), so the state is their product.
///
///     request    receiving ──────────────► complete
///     upstream   none ─► waiting ─► attached ─► released
///     response   awaited ─► streaming ─► complete
package struct ExchangeStateMachine: Sendable, BitwiseCopyable, Equatable {
    package enum Request: UInt8, Sendable, BitwiseCopyable { case receiving, complete }
    package enum Upstream: UInt8, Sendable, BitwiseCopyable {
        /// No upstream is wanted (yet).
        case none
        /// A connection is being opened or waited for; the queue deadline runs.
        case waiting
        /// The connection is this exchange's alone; the response deadline runs.
        case attached
        /// Given back or closed.
        case released
    }
    package enum Response: UInt8, Sendable, BitwiseCopyable { case awaited, streaming, complete }

    package private(set) var request: Request
    package private(set) var upstream = Upstream.none
    package private(set) var response = Response.awaited
    /// Tries so far; a stale pooled connection earns one more.
    package private(set) var attempts: UInt8 = 0
    /// A byte of the request body has been sent upstream: it cannot be sent again.
    package private(set) var hasSentBody = false

    package init(hasBody: Bool) {
        self.request = hasBody ? .receiving : .complete
    }

    /// Whether nothing is left to happen.
    package var isFinished: Bool { self.response == .complete }

    // MARK: Forwarding

    /// The route leads to an upstream.
    package mutating func forwardDecided() {
        self.upstream = .waiting
    }

    package mutating func connectionLeased() {
        self.upstream = .attached
        self.attempts += 1
    }

    package enum OnRequestBody: Equatable {
        /// Hold it: there is no connection yet.
        case wait
        case forward
        /// The answer has been given; nobody wants the rest.
        case discard
    }

    /// Body bytes have arrived from the client.
    package func requestBodyReceived() -> OnRequestBody {
        switch self.upstream {
        case .waiting: .wait
        case .attached: .forward
        case .none, .released: .discard
        }
    }

    package mutating func requestBodySent() {
        self.hasSentBody = true
    }

    package enum OnRequestEnded: Equatable { case sendEnd, none }

    /// The last byte of the request has arrived.
    package mutating func requestEnded() -> OnRequestEnded {
        self.request = .complete
        return self.upstream == .attached ? .sendEnd : .none
    }

    // MARK: Answering

    package enum OnResponseHead: Equatable {
        case forwardInterim
        case forward
        /// A head after the head.
        case failProtocol
    }

    package mutating func responseHeadReceived(status: UInt16) -> OnResponseHead {
        guard self.response == .awaited, self.upstream == .attached else { return .failProtocol }
        // Nobody asked for another protocol, so 101 is no answer (RFC 9110 §15.2.2).
        guard status != 101 else { return .failProtocol }
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
    /// is idempotent (RFC 9110 §9.2.2) and no body byte has gone out (RFC 9112 §9.3.1).
    package mutating func upstreamFailed(
        isReusedConnection: Bool, isIdempotent: Bool, hasReceivedBytes: Bool
    ) -> OnUpstreamFailed {
        guard self.response == .awaited else { return .abort }
        if isReusedConnection, isIdempotent, !hasReceivedBytes, !self.hasSentBody,
            self.attempts < 2
        {
            self.upstream = .waiting
            return .retry
        }
        return .reply
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
        case .none, .released: return .none
        case .waiting: return .cancelLease
        case .attached: return .closeUpstream
        }
    }
}
