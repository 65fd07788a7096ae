package import MartletConfig
import MartletHTTP

/// Tells the next hop where a request comes from: `Forwarded`, `Via` and the trace.
///
/// The first step of every route with an upstream, so that the route's edits have the last word.
/// One-hop fields have gone before, at inspection.
package struct ForwardingPolicy: Sendable, Equatable {
    private let forwarded: ForwardedWriter

    package init(_ config: ForwardedConfig) {
        self.forwarded = ForwardedWriter(config)
    }

    func apply(to exchange: Exchange) {
        let head = exchange.request
        let hop = ForwardedHop(
            peer: exchange.peer, origin: exchange.origin, isSecure: false,
            authority: head.authority, port: exchange.listener.port)
        self.forwarded.apply(to: &head.headers, hop: hop)
        Via.append(
            to: &head.headers, minorVersion: head.minorVersion, isHTTP2: head.isHTTP2)
        let worker = exchange.worker
        exchange.trace = TraceContext.apply(
            to: &head.headers, random: (worker.random.next(), worker.random.next()),
            parent: worker.random.next())
    }
}
