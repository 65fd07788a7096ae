package import MartletConfig
import MartletHTTP
import MartletTLS

/// Tells the next hop where a request comes from: `Forwarded`, `Via` and the trace.
///
/// The first step of every route with an upstream, so that the route's edits have the last word.
/// One-hop fields have gone before, at inspection.
package struct ForwardingPolicy: Sendable, Equatable {
    private let forwarded: ForwardedWriter

    package init(_ config: ForwardedConfig) {
        self.forwarded = ForwardedWriter(config)
    }

    private static let clientCert = Array("client-cert".utf8)

    func apply(to exchange: Exchange) {
        let head = exchange.request
        let hop = ForwardedHop(
            peer: exchange.peer, origin: exchange.origin, isSecure: exchange.isSecure,
            authority: head.authority, port: exchange.listener.port)
        self.forwarded.apply(to: &head.headers, hop: hop)
        if let certificate = exchange.clientCertificate,
            exchange.listener.plan.tls?.forwardsCertificate ?? false
        {
            let (name, value) = (Self.clientCert, certificate.fieldValue)
            head.headers.add(name: name.span, value: value.span)
        }
        Via.append(
            to: &head.headers, minorVersion: head.minorVersion, isHTTP2: head.isHTTP2)
        let worker = exchange.worker
        exchange.trace = TraceContext.apply(
            to: &head.headers, random: (worker.random.next(), worker.random.next()),
            parent: worker.random.next())
    }
}
