import Foundation
import SwiftASN1
import X509

/// A certificate with its issuers and its private key, read and checked: what one side of a
/// connection shows to the other.
///
/// Made when a plan is compiled, off the request path; immutable.
package struct TLSIdentity: Sendable {
    /// In metrics and messages: the first DNS name, else the first address, else the subject.
    package let name: String
    /// DNS names, in lower case; `*.example.com` is a wildcard.
    package let serverNames: [String]
    /// Seconds since 1970.
    package let notBefore: Int64
    package let notAfter: Int64
    /// DER, the holder's first, without a self-signed root at the end.
    package let chain: [[UInt8]]
    /// DER.
    package let key: [UInt8]

    /// Reads a certificate and its key.
    ///
    /// - `certificate`, `key`: the texts of two PEM files, or one for both.
    package init(certificate: String, key: String) throws(CertificateProblem) {
        let chain = try CertificateChain(certificate)
        let block = try Self.keyBlock(key)
        try Self.check(block, fits: chain)
        try chain.checkOrder()
        let alternatives = AlternativeNames(chain.holder)
        self.serverNames = alternatives.dns.filter { name in
            !name.contains("*") || CertificateNameTable.isWildcard(name)
        }
        self.name =
            self.serverNames.first ?? alternatives.addresses.first
            ?? String(describing: chain.holder.subject)
        self.notBefore = Int64(chain.holder.notValidBefore.timeIntervalSince1970)
        self.notAfter = Int64(chain.holder.notValidAfter.timeIntervalSince1970)
        self.key = block.content
        // Nobody needs the root: who trusts it has it, and others do not care.
        let last = chain.certificates[chain.certificates.count - 1]
        let isRootLast = chain.encoded.count > 1 && last.issuer == last.subject
        self.chain = isRootLast ? chain.encoded.dropLast() : chain.encoded
    }

    /// That it is valid at a time.
    ///
    /// - `now`: seconds since 1970.
    package func check(now: Int64) throws(CertificateProblem) {
        guard now <= self.notAfter else {
            throw CertificateProblem(
                .certificate,
                "holds a certificate that has expired: it was valid until "
                    + Self.text(self.notAfter),
                hint: "renew it")
        }
        guard now >= self.notBefore else {
            throw CertificateProblem(
                .certificate,
                "holds a certificate that is not valid yet: it will be from "
                    + Self.text(self.notBefore),
                hint: "if that is in the past, set the machine's clock")
        }
    }

    static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).ISO8601Format()
    }

    // MARK: The key

    private static let keyLabels = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"]

    private static func keyBlock(_ text: String) throws(CertificateProblem) -> PEMBlock {
        let blocks = try CertificateChain.blocks(text, file: .key)
        guard !blocks.contains(where: { $0.isEncrypted || $0.label == "ENCRYPTED PRIVATE KEY" })
        else { throw self.encrypted }
        let keys = blocks.filter { self.keyLabels.contains($0.label) }
        guard let key = keys.first else {
            let others = Set(blocks.map(\.label)).sorted().joined(separator: ", ")
            throw CertificateProblem(
                .key, blocks.isEmpty ? "is not a PEM file" : "holds no private key, but \(others)",
                hint: "the file has a line `-----BEGIN PRIVATE KEY-----`")
        }
        guard keys.count == 1 else {
            throw CertificateProblem(
                .key, "holds \(keys.count) private keys", hint: "keep the certificate's own")
        }
        return key
    }

    private static let encrypted = CertificateProblem(
        .key, "holds a key that is encrypted with a passphrase",
        hint: "decrypt it with `openssl pkey -in KEY -out DECRYPTED` and guard the file's mode")

    private static func check(
        _ block: PEMBlock, fits chain: CertificateChain
    ) throws(CertificateProblem) {
        let document = PEMDocument(type: block.label, derBytes: block.content)
        guard let key = try? Certificate.PrivateKey(pemDocument: document) else {
            throw CertificateProblem(
                .key, "holds a key that cannot be read",
                hint: "keys are RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519")
        }
        guard key.publicKey != chain.holder.publicKey else { return }
        if let other = chain.certificates.firstIndex(where: { $0.publicKey == key.publicKey }) {
            throw CertificateProblem(
                .certificate, "is out of order: the key is that of certificate \(other + 1)",
                hint: "first the server's own, then the one that issued it, and so on")
        }
        throw CertificateProblem(
            .key, "does not belong to the certificate", hint: "name the key that it was made with")
    }
}

extension TLSIdentity: Equatable {
    package static func == (left: TLSIdentity, right: TLSIdentity) -> Bool {
        left.chain == right.chain && left.key == right.key
    }
}
