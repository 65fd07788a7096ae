import MartletTLS
import MartletTelemetry
import NIOCore

/// What is known of one client's connection because it is TLS.
///
/// Owned by the connection's handler and gone with it, confined to its loop.
package final class TLSSession {
    let version: ExchangeRecord.TLSVersion
    /// `nil` if the client has shown none.
    let clientCertificate: ClientCertificate?
    /// TLS's own place in the pipeline: what is done from here goes past it.
    private let transport: ChannelHandlerContext

    init(
        version: ExchangeRecord.TLSVersion, clientCertificate: ClientCertificate?,
        transport: ChannelHandlerContext
    ) {
        self.version = version
        self.clientCertificate = clientCertificate
        self.transport = transport
    }

    /// Closes without a word, so that the client can tell that what it has is not whole
    /// (RFC 9112 §9.8).
    func cut() {
        self.transport.close(promise: nil)
    }
}
