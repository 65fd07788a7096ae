import Foundation
import SwiftASN1
import X509

/// Certificates of a file, read: the first is the holder's own, each next one issued the one
/// before it.
package struct CertificateChain: Sendable {
    /// More is no chain but a bundle.
    package static let countMax = 10

    let certificates: [Certificate]
    /// The same as bytes, the holder's first.
    package let encoded: [[UInt8]]

    /// - `text`: of a PEM file.
    package init(_ text: String) throws(CertificateProblem) {
        let certificates = try Self.read(text, file: .certificate)
        guard certificates.count <= Self.countMax else {
            throw CertificateProblem(
                .certificate, "holds \(certificates.count) certificates, more than a chain has",
                hint: "keep the server's own certificate and those of its issuers")
        }
        self.certificates = certificates.map(\.certificate)
        self.encoded = certificates.map(\.encoded)
    }

    /// Every certificate of a PEM file, at least one.
    static func read(
        _ text: String, file: CertificateProblem.File
    ) throws(CertificateProblem) -> [(certificate: Certificate, encoded: [UInt8])] {
        let blocks = try self.blocks(text, file: file)
        var found: [(certificate: Certificate, encoded: [UInt8])] = []
        for block in blocks
        where ["CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"].contains(block.label) {
            guard let certificate = try? Certificate(derEncoded: block.content) else {
                throw CertificateProblem(
                    file, "holds a certificate that cannot be read, number \(found.count + 1)",
                    hint: "keys are RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519")
            }
            found.append((certificate, block.content))
        }
        guard !found.isEmpty else {
            let others = Set(blocks.map(\.label)).sorted().joined(separator: ", ")
            throw CertificateProblem(
                file, blocks.isEmpty ? "is not a PEM file" : "holds no certificate, but \(others)",
                hint: "the file has a line `-----BEGIN CERTIFICATE-----`")
        }
        return found
    }

    static func blocks(
        _ text: String, file: CertificateProblem.File
    ) throws(CertificateProblem) -> [PEMBlock] {
        do throws(PEMBlock.Problem) {
            return try PEMBlock.read(text)
        } catch {
            switch error {
            case .unfinished(let label):
                throw CertificateProblem(
                    file, "is cut: \(label) has no `-----END \(label)-----`",
                    hint: "copy the file again")
            case .notBase64(let label):
                throw CertificateProblem(
                    file, "is damaged: what stands in \(label) is not base64",
                    hint: "copy the file again")
            }
        }
    }

    var holder: Certificate { self.certificates[0] }

    /// Each certificate was issued by the one that follows it.
    func checkOrder() throws(CertificateProblem) {
        for index in 0..<self.certificates.count - 1 {
            let (certificate, issuer) = (self.certificates[index], self.certificates[index + 1])
            guard certificate.issuer == issuer.subject,
                issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
            else {
                throw CertificateProblem(
                    .certificate,
                    "is out of order: certificate \(index + 2) did not issue certificate"
                        + " \(index + 1)",
                    hint: "first the server's own, then the one that issued it, and so on")
            }
        }
    }
}

/// Why a file with a certificate or a key cannot be used, and how to mend it.
package struct CertificateProblem: Error, Sendable, Equatable {
    /// Which of the files that belong together is at fault.
    package enum File: Sendable, Equatable { case certificate, key }

    package let file: File
    /// Reads on after the file's name: "holds no certificate".
    package let message: String
    package let hint: String?

    package init(_ file: File, _ message: String, hint: String? = nil) {
        self.file = file
        self.message = message
        self.hint = hint
    }
}
