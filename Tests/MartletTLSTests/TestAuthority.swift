import Crypto
import Foundation
import SwiftASN1
import X509

/// Makes certificates for a test: an authority, itself signed by another or by itself.
struct TestAuthority {
    static let start = Date(timeIntervalSince1970: 1_700_000_000)
    static let day: TimeInterval = 86_400

    let key = P256.Signing.PrivateKey()
    let certificate: Certificate

    init(_ name: String = "Test Authority", parent: TestAuthority? = nil) throws {
        let subject = try DistinguishedName { CommonName(name) }
        let own = Certificate.PrivateKey(self.key)
        self.certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: own.publicKey,
            notValidBefore: Self.start - Self.day, notValidAfter: Self.start + 3650 * Self.day,
            issuer: parent?.certificate.subject ?? subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            },
            issuerPrivateKey: parent.map { Certificate.PrivateKey($0.key) } ?? own)
    }

    /// Valid for 90 days from `start`.
    func issue(
        _ names: [GeneralName], subject: String = "subject", key: Certificate.PrivateKey
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey,
            notValidBefore: Self.start, notValidAfter: Self.start + 90 * Self.day,
            issuer: self.certificate.subject,
            subject: try DistinguishedName {
                OrganizationName("Example, Inc.")
                CommonName(subject)
            },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                if !names.isEmpty { SubjectAlternativeNames(names) }
            },
            issuerPrivateKey: Certificate.PrivateKey(self.key))
    }

    func issue(
        _ names: String..., key: P256.Signing.PrivateKey = P256.Signing.PrivateKey()
    ) throws -> (certificate: String, key: String) {
        let certificate = try self.issue(
            names.map { .dnsName($0) }, key: Certificate.PrivateKey(key))
        return (try certificate.pem, key.pemRepresentation)
    }
}

extension Certificate {
    var pem: String { get throws { try self.serializeAsPEM().pemString + "\n" } }
    var der: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
