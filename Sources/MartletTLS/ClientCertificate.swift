import Crypto
import Foundation
import SwiftASN1
import X509

/// Who a client is by the certificate that it has shown and that was verified: bytes, worked out
/// once for each connection and shared by its requests.
package final class ClientCertificate: Sendable {
    /// The subject as RFC 4514 writes it, `CN=alice,O=Example`; may be empty.
    package let subject: [UInt8]
    /// The alternative names, each with its kind: `dns:host.example.com`, `uri:spiffe://…`,
    /// `email:alice@example.com`, `ip:192.0.2.1`.
    package let names: [[UInt8]]
    /// SHA-256 of the certificate, 64 hexadecimal digits.
    package let fingerprint: [UInt8]
    /// The value of `Client-Cert` (RFC 9440 §2.2): the certificate as a byte sequence of RFC 9651.
    package let fieldValue: [UInt8]

    /// - `encoded`: DER.
    /// - Returns: `nil` if it cannot be read, and then the client is nobody.
    package init?(encoded: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: encoded) else { return nil }
        self.subject = Array(String(describing: certificate.subject).utf8)
        let names = AlternativeNames(certificate)
        self.names =
            names.dns.map { Array("dns:\($0)".utf8) }
            + names.uris.map { Array("uri:\($0)".utf8) }
            + names.emails.map { Array("email:\($0)".utf8) }
            + names.addresses.map { Array("ip:\($0)".utf8) }
        self.fingerprint = SHA256.hash(data: encoded).flatMap(Self.hexadecimal)
        self.fieldValue = Array(":\(Data(encoded).base64EncodedString()):".utf8)
    }

    private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x57 + $0 }
    }
}
