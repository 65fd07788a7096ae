import Foundation
import SwiftASN1
import X509

/// Certificates of authorities, read from a file: who they have vouched for is believed.
package struct TrustAnchors: Sendable, Equatable {
    /// DER.
    package let encoded: [[UInt8]]

    /// - `text`: of a PEM file with one certificate or more.
    package init(_ text: String) throws(CertificateProblem) {
        let certificates = try CertificateChain.read(text, file: .certificate)
        for (index, entry) in certificates.enumerated() {
            guard try Self.isAuthority(entry.certificate, number: index + 1) else {
                throw CertificateProblem(
                    .certificate,
                    "holds a certificate that is no authority's, number \(index + 1)",
                    hint: "name the certificate of the authority that issues, not one it issued")
            }
        }
        self.encoded = certificates.map(\.encoded)
    }

    /// Whether it may issue certificates (RFC 5280 §4.2.1.9); one that signed itself is an
    /// authority for itself alone.
    private static func isAuthority(
        _ certificate: Certificate, number: Int
    ) throws(CertificateProblem) -> Bool {
        let constraints: BasicConstraints?
        do {
            constraints = try certificate.extensions.basicConstraints
        } catch {
            throw CertificateProblem(
                .certificate, "holds a certificate that cannot be read, number \(number)")
        }
        switch constraints {
        case .isCertificateAuthority: return true
        case .notCertificateAuthority, nil: return certificate.issuer == certificate.subject
        }
    }
}
