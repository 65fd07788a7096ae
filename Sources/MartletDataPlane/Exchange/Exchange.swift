package import MartletHTTP
package import MartletTLS
package import MartletTelemetry
import NIOCore

/// What a request asks the connection, or its stream, to become.
package enum Upgrade: UInt8, Sendable, BitwiseCopyable {
    case none
    /// RFC 6455 over HTTP/1.1, RFC 8441 over HTTP/2.
    case webSocket
}

/// One request and its answer, from the first byte of the head to the record.
///
/// Belongs to one worker, which keeps finished ones for reuse: what is large here is allocated once
/// and not per request. Bounded by the listener's and the upstream's head limits.
package final class Exchange {
    package let worker: Worker
    package let request = RequestHead()
    package let response = ResponseHead()
    package var requestParser = RequestHeadParser()
    package var responseParser = ResponseHeadParser()
    package var requestBody = BodyReader()
    package var responseBody = BodyReader()
    package var machine = ExchangeStateMachine(hasBody: false)

    /// The plan and the state that this exchange uses to its end.
    package var generation: Generation
    package var match = RouteMatch(.notFound)
    package var captures = PathCaptures()

    /// Whose limits and names this exchange is under; set with `peer` when it begins.
    package var listener: ListenerState
    /// The address at the other end of the client's connection.
    package var peer: ClientAddress
    /// The client's connection is TLS.
    package var isSecure = false
    /// Who the client is by the certificate that it has shown.
    package var clientCertificate: ClientCertificate?
    /// `nil` once the answer is out or the client gone, and in a dry run.
    package var downstream: DownstreamSide?
    package var upstream: Upstream?
    package var connection: UpstreamSide?
    /// Place in the upstream's queue while waiting.
    package var ticket = ConnectionTicket.none
    package var deadline = Deadline()
    /// What the route's limits said; none of it is looked at without limits.
    package var rateLimits = ExchangeRateLimits()
    /// The route's CORS policy, a row of the plan; negative for none.
    package var corsPolicy = -1
    /// The value of `Origin` in the request's head, if the policy lets it read the answer.
    package var allowedOrigin = ByteRange.empty
    /// A browser asks whether it may send a request (Fetch §3.2.2).
    package var isPreflight = false
    /// A limit of bandwidth is among them.
    package var isPaced = false
    /// The answer came faster than a limit allows, so no more of it is read for now.
    var isResponseHeld = false
    /// The request came faster than a limit allows, so no more of it is passed on for now.
    var isRequestHeld = false
    /// When what is held goes on.
    var pacing = Deadline()
    /// Such a limit is so low that answers are read in small pieces.
    var readsLittle = false
    /// Since when the request is held, or waits for what a step has asked.
    var heldSinceTick: UInt64 = 0
    /// What may be kept of a body that is passed on, to be sent again; 0 for nothing, or no more.
    var replayBytesMax = 0
    /// The same, for an upstream that says that it did not look at the request.
    var unprocessedBytesMax = 0
    /// Its route has a fallback for what the upstream does not answer well.
    var hasFallback = false
    /// The upstream is the fallback's.
    package internal(set) var hasFallenBack = false
    /// Where the upstream's traffic is led: its place there.
    package var attempt = UpstreamAttempt()
    /// Its second try at the same time; `nil` for all but a moment.
    var hedge: Exchange?
    /// Whose second try it is: it has no client of its own.
    var hedged: Exchange?
    /// What a copy of the request and a comparison will be made of.
    var mirror: MirrorCapture?
    /// The release of its route, a row of the generation's; -1 for none.
    package var release: Int16 = -1
    /// Which variant of it this is, -1 for the baseline.
    package var variant: Int16 = -1

    /// The request step that runs next; not 0 only behind a wait.
    package var stepOffset: UInt16 = 0
    /// What the steps wait for; `nil` while they do not.
    package var wait: Wait?
    /// Tells this wait from all before it, over the uses of this object.
    package var waitNumber: UInt64 = 0

    /// The request's body, if a step wanted it whole.
    package internal(set) var heldBody = HeldBody()
    /// A step has looked at who calls: without one, what follows is as it was made.
    var isCallerChecked = false
    /// Who calls, once a step has found out.
    package var identity = Identity.unknown
    /// It is that of callers without credentials.
    var isAnonymous = false
    /// Why the caller was refused, for the log.
    package var refusal: RefusalReason?
    /// What may be shown of the credentials that are being checked.
    var triedCredential: [UInt8] = []
    /// The user whose password is being checked: what the lockout counts for.
    var triedUser: [UInt8] = []
    var sideAnswers = SideAnswers()
    /// What they have brought.
    var sideContents = SideContents()
    /// Of those, what the reply is made of.
    var replyContent: [UInt8] = []
    /// Row of the upstream that a branch has chosen; negative for the route's own.
    var branchUpstream: Int32 = -1

    /// Body bytes that came before the driver had the head: held by the client's side.
    package var earlyBodyCount = 0
    /// The request's body is chunked towards an HTTP/1.1 upstream.
    package var sendsChunkedRequest = false
    /// The response's body is chunked towards an HTTP/1.1 client.
    package var sendsChunkedResponse = false
    /// Replies of our own are gRPC statuses; for gRPC-Web the body is translated.
    package var grpc = GRPCKind.none
    /// Of a gRPC-Web request in text form.
    package var grpcText = Base64Stream()
    /// When the whole exchange has to be over; `.max` for never.
    package private(set) var endTick = UInt64.max
    /// What it means when it is not over by then.
    package private(set) var endError = ProxyError.deadlineExceeded
    /// What the request wants to change the protocol to.
    package var upgrade = Upgrade.none
    /// Both sides have agreed: bytes go both ways until one of them ends it.
    package var isTunnel = false
    /// The client connection ends with this answer.
    package var closesDownstream = false
    /// The upstream's connection can serve another request after this answer.
    package var upstreamKeepsAlive = false
    /// Interim responses so far.
    package var interimCount = 0
    /// Endpoints that could not be dialled.
    package var connectFailures: UInt8 = 0
    /// An interim or final head has begun to arrive: the request must not be sent again.
    package var hasReceivedResponseBytes = false

    /// In `request.headers.bytes`; empty until the forwarding step or a reply needs it.
    package var requestID = ByteRange.empty
    /// The path and query before any edit, for the log.
    package var receivedPath = ByteRange.empty
    package var receivedQuery = ByteRange.empty
    package var trace: TraceContext?
    /// The real client, after trusted proxies.
    package var origin = ForwardedOrigin(peer: .unspecified, isPeerTrusted: false)
    package var record = ExchangeRecord()
    package var startedAt: UInt64 = 0
    package var upstreamStartedAt: UInt64 = 0
    package var upstreamSentAt: UInt64 = 0

    init(worker: Worker, listener: ListenerState, peer: ClientAddress) {
        self.worker = worker
        self.listener = listener
        self.peer = peer
        self.generation = worker.generation
    }

    /// The compiled route; `nil` before routing and where none fits.
    package var route: RoutePlan? {
        guard case .route = self.match.outcome else { return nil }
        return self.generation.plan.routes[Int(self.match.route)]
    }

    /// The answer's end is known only when it comes, whatever its length: trailers may follow.
    var responseCanHaveTrailers: Bool {
        if case .http2 = self.connection { true } else { false }
    }

    /// Body bytes follow the request's head.
    package var hasRequestBody: Bool {
        self.request.framing != .none && self.request.framing != .length(0)
    }

    /// The upstream takes more of the request's body now.
    var takesRequestBody: Bool {
        !self.isRequestHeld && (self.connection?.isWritable ?? false)
    }

    /// The rest of the request is not read, and not for want of the client.
    var isRequestHeldBack: Bool {
        self.isRequestHeld || (self.wait != nil && !self.machine.holdsBody)
    }

    /// Nothing is passed on either way for now, by what the configuration says.
    var isHeldBack: Bool { self.isResponseHeld || self.isRequestHeldBack }

    /// The request goes on: for as long as it was held no rate is asked of the client.
    func creditHold() {
        self.downstream?.creditHold(ticks: self.worker.clock.tick &- self.heldSinceTick &+ 1)
    }

    /// The client takes more: the upstream is read again, unless a limit holds the answer.
    func resumeUpstream() {
        if !self.isResponseHeld { self.connection?.resumeReading() }
    }

    /// Sets the deadline of what the exchange waits for now.
    func arm(_ ticks: UInt64) {
        self.deadline.set(
            min(self.worker.clock.tick + ticks, self.endTick), owner: .exchange(self),
            worker: self.worker)
    }

    /// Waits for what another has waited for.
    func takeDeadline(of other: Exchange) {
        guard other.deadline.tick != .max else { return self.disarm() }
        self.deadline.set(
            min(other.deadline.tick, self.endTick), owner: .exchange(self), worker: self.worker)
    }

    /// Nothing is waited for but the end of the whole.
    func disarm() {
        guard self.endTick != .max else { return self.deadline.clear() }
        self.deadline.set(self.endTick, owner: .exchange(self), worker: self.worker)
    }

    /// The whole exchange has to be over in this time; an earlier end stays.
    func limit(toTicks ticks: UInt64, _ error: ProxyError = .deadlineExceeded) {
        let end = self.worker.clock.tick + ticks
        if end < self.endTick { (self.endTick, self.endError) = (end, error) }
        self.disarm()
    }

    /// Until the exchange has to be over.
    var remainingNanoseconds: UInt64 {
        guard self.endTick != .max else { return .max }
        let tick = self.worker.clock.tick
        return self.endTick > tick
            ? (self.endTick - tick).multipliedReportingOverflow(by: WorkerClock.tickNanoseconds)
                .partialValue : 0
    }

    private static let transportSecurity = Array("strict-transport-security".utf8)

    /// Adds the listener's `Strict-Transport-Security` (RFC 6797) in the place of an upstream's.
    func addTransportSecurity() {
        guard let line = self.listener.plan.tls?.hstsLine, !line.isEmpty else { return }
        let name = Self.transportSecurity
        self.response.headers.remove(named: name.span)
        self.response.headers.addLine(line.span, nameCount: name.count, known: .other)
    }

    /// Notes what is known of the client because its connection is TLS.
    func begin(over tls: TLSSession?) {
        guard let tls else { return }
        self.isSecure = true
        self.clientCertificate = tls.clientCertificate
        self.record.tlsVersion = tls.version
    }

    /// Gives the places under limits of concurrency back.
    private func resetRateLimits() {
        self.rateLimits.leave(self.generation.plan.rateLimits)
        self.rateLimits.removeAll()
        guard self.isPaced else { return }
        self.isPaced = false
        self.readsLittle = false
        self.isResponseHeld = false
        self.isRequestHeld = false
        self.pacing.cancel(worker: self.worker)
    }

    private func resetCaller() {
        self.isCallerChecked = false
        self.identity = .unknown
        self.isAnonymous = false
        self.refusal = nil
        self.triedCredential = []
        self.triedUser = []
        self.sideAnswers = SideAnswers()
        self.sideContents = SideContents()
        self.replyContent = []
        self.branchUpstream = -1
    }

    /// Makes it as new; keeps the memory.
    func reset() {
        self.request.reset()
        self.response.reset()
        self.requestParser = RequestHeadParser()
        self.responseParser = ResponseHeadParser()
        self.requestBody.begin(.none)
        self.responseBody.begin(.none)
        self.machine = ExchangeStateMachine(hasBody: false)
        self.match = RouteMatch(.notFound)
        self.captures.truncate(to: 0)
        if self.rateLimits.count > 0 { self.resetRateLimits() }
        self.corsPolicy = -1
        self.allowedOrigin = .empty
        self.isPreflight = false
        self.isSecure = false
        self.clientCertificate = nil
        self.downstream = nil
        self.upstream = nil
        self.connection = nil
        self.ticket = .none
        self.stepOffset = 0
        self.wait = nil
        self.waitNumber &+= 1
        self.releaseHeldBody()
        if self.isCallerChecked { self.resetCaller() }
        self.hasFallback = false
        self.mirror = nil
        self.hasFallenBack = false
        if self.attempt.isAdmitted { self.attempt = UpstreamAttempt() }
        self.release = -1
        self.variant = -1
        self.earlyBodyCount = 0
        self.sendsChunkedRequest = false
        self.sendsChunkedResponse = false
        self.grpc = .none
        self.grpcText = Base64Stream()
        self.endTick = .max
        self.upgrade = .none
        self.isTunnel = false
        self.closesDownstream = false
        self.upstreamKeepsAlive = false
        self.interimCount = 0
        self.connectFailures = 0
        self.hasReceivedResponseBytes = false
        self.requestID = .empty
        self.receivedPath = .empty
        self.receivedQuery = .empty
        self.trace = nil
        self.record = ExchangeRecord()
        self.startedAt = 0
        self.upstreamStartedAt = 0
        self.upstreamSentAt = 0
    }
}
