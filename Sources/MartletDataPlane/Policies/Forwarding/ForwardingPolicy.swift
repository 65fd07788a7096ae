package import MartletConfig
import MartletHTTP

/// Makes a request ready for its next hop: one-hop fields go, `Forwarded`, `Via` and the trace come.
///
/// The first step of every route with an upstream, so that a message cannot name one of Martlet's
/// own fields in its `Connection`, and so that the route's edits have the last word.
package struct ForwardingPolicy: Sendable, Equatable {
    private let forwarded: ForwardedWriter

    package init(_ config: ForwardedConfig) {
        let client: ForwardedWriter.Client =
            switch config.client {
            case .append: .append
            case .replace: .replace
            case .mask: .mask
            case .off: .off
            }
        self.forwarded = ForwardedWriter(
            client: client, xForwarded: config.xForwarded, rfc7239: config.rfc7239)
    }

    func apply(to exchange: Exchange) -> Verdict {
        let head = exchange.request
        guard HopByHopHeaders.removeFromRequest(&head.headers) else {
            return .reply(.message(.tooManyHeaderFields))
        }
        let hop = ForwardedHop(
            peer: exchange.peer, origin: exchange.origin, isSecure: false,
            authority: head.authority, port: exchange.listener.port)
        self.forwarded.apply(to: &head.headers, hop: hop)
        Via.append(to: &head.headers, minorVersion: head.minorVersion)
        let worker = exchange.worker
        exchange.trace = TraceContext.apply(
            to: &head.headers, random: (worker.random.next(), worker.random.next()),
            parent: worker.random.next())
        return .next
    }
}
