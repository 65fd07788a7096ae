import MartletConfig
import MartletTLS
import NIOCore
import NIOSSL
import NIOTLS

/// A connection to an endpoint until its TLS handshake is over: only then does the handler behind
/// it hear that the connection stands.
///
/// Owned by its channel, confined to its worker's loop. The deadline that runs in the handler
/// behind it bounds it.
final class TLSConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let connection: any UpstreamHandler

    init(_ connection: any UpstreamHandler) {
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        self.connection.tlsHandshakeBegan()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted(let negotiated) = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        guard self.isNamed(context) else {
            self.connection.connectFailed(.tlsCertificateInvalid)
            return context.close(promise: nil)
        }
        if negotiated == "h2", let connection = self.connection as? HTTP1UpstreamHandler {
            self.handOver(connection, context)
        }
        context.fireChannelActive()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// Whether the certificate is for the name that was asked for.
    ///
    /// TLS itself is content with one for the address that was dialled (an IP address among its
    /// names); who configures a name means the name.
    private func isNamed(_ context: ChannelHandlerContext) -> Bool {
        guard let tls = self.connection.plan.tls, !tls.plan.config.isInsecure,
            let name = tls.serverName
        else { return true }
        guard
            let transport = try? context.pipeline.syncOperations.handler(
                type: NIOSSLClientHandler.self),
            let encoded = try? transport.peerCertificate?.toDERBytes(),
            let certificate = ClientCertificate(encoded: encoded)
        else { return false }
        let names = certificate.names.compactMap { name in
            String(decoding: name, as: UTF8.self).split(separator: ":", maxSplits: 1).last
                .map(String.init)
        }
        return CertificateNameTable([names]).index(of: Array(name.lowercased().utf8)) != nil
    }

    /// HTTP/2 was agreed on: its handler takes the connection's place.
    private func handOver(_ connection: HTTP1UpstreamHandler, _ context: ChannelHandlerContext) {
        guard let successor = connection.successor() else { return }
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(successor, position: .after(self))
        } catch {
            return context.close(promise: nil)
        }
        pipeline.removeHandler(connection, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.connection.connectFailed(ProxyError(connecting: error))
        context.close(promise: nil)
    }
}

extension ProxyError {
    /// What went wrong while TLS was being set up.
    init(connecting error: any Error) {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let stack)):
            // BoringSSL's reasons have no other form; this is on no request's way.
            let isCertificate = stack.contains {
                $0.description.contains("CERTIFICATE_VERIFY_FAILED")
            }
            self = isCertificate ? .tlsCertificateInvalid : .tlsHandshakeFailed
        case NIOSSLError.handshakeFailed: self = .tlsHandshakeFailed
        case NIOSSLError.noCertificateToValidate: self = .tlsCertificateInvalid
        // The name does not fit.
        case is NIOSSLExtraError: self = .tlsCertificateInvalid
        default: self = .connectRefused
        }
    }
}
