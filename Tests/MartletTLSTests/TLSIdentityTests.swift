import Crypto
import Foundation
import MartletTLS
import SwiftASN1
import Testing
import X509

@Suite struct TLSIdentityTests {
    let root: TestAuthority
    let middle: TestAuthority
    let pair: (certificate: String, key: String)
    static let now = Int64(TestAuthority.start.timeIntervalSince1970)

    init() throws {
        self.root = try TestAuthority("Root")
        self.middle = try TestAuthority("Middle", parent: self.root)
        self.pair = try self.middle.issue("www.example.com", "*.Example.org", "a*.example.net")
    }

    private func problem(_ certificate: String, _ key: String) -> String {
        do throws(CertificateProblem) {
            _ = try TLSIdentity(certificate: certificate, key: key)
            return "none"
        } catch {
            return "\(error.file): \(error.message)"
        }
    }

    @Test func whatIsRead() throws {
        let middle = try self.middle.certificate.pem
        let identity = try TLSIdentity(
            certificate: self.pair.certificate + middle + self.root.certificate.pem,
            key: self.pair.key)
        #expect(identity.name == "www.example.com")
        #expect(identity.serverNames == ["www.example.com", "*.example.org"])
        #expect(identity.notBefore == Self.now)
        #expect(identity.notAfter == Self.now + 90 * 86_400)
        #expect(identity.chain.count == 2, "nobody needs the root")
        #expect(try identity.chain[1] == self.middle.certificate.der)
        #expect(
            try identity
                == TLSIdentity(certificate: self.pair.certificate + middle, key: self.pair.key))
    }

    @Test func oneFileForBoth() throws {
        let text = self.pair.key + "\n" + self.pair.certificate
        #expect(try TLSIdentity(certificate: text, key: text).chain.count == 1)
    }

    @Test func namesOfOtherKinds() throws {
        let key = P256.Signing.PrivateKey()
        let address = try self.root.issue(
            [.ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 1]))],
            key: Certificate.PrivateKey(key))
        let byAddress = try TLSIdentity(
            certificate: address.pem, key: key.pemRepresentation)
        #expect(byAddress.name == "192.0.2.1" && byAddress.serverNames.isEmpty)
        let bare = try self.root.issue([], subject: "only", key: Certificate.PrivateKey(key))
        let bySubject = try TLSIdentity(certificate: bare.pem, key: key.pemRepresentation)
        #expect(bySubject.name == "CN=only,O=Example\\, Inc.")
    }

    @Test func keysOfEveryForm() throws {
        let p384 = P384.Signing.PrivateKey()
        let p521 = P521.Signing.PrivateKey()
        let ed25519 = Curve25519.Signing.PrivateKey()
        for key in [
            Certificate.PrivateKey(p384), Certificate.PrivateKey(p521),
            Certificate.PrivateKey(ed25519),
        ] {
            let certificate = try self.root.issue([.dnsName("a.example")], key: key)
            let identity = try TLSIdentity(
                certificate: certificate.pem, key: key.serializeAsPEM().pemString + "\n")
            #expect(identity.name == "a.example")
        }
    }

    @Test func time() throws {
        let identity = try TLSIdentity(certificate: self.pair.certificate, key: self.pair.key)
        let end = identity.notAfter
        try identity.check(now: identity.notBefore)
        try identity.check(now: end)
        #expect(
            throws: CertificateProblem(
                .certificate,
                "holds a certificate that has expired: it was valid until 2024-02-12T22:13:20Z",
                hint: "renew it")
        ) { try identity.check(now: end + 1) }
        #expect(throws: CertificateProblem.self) { try identity.check(now: identity.notBefore - 1) }
    }

    @Test func chains() throws {
        let middle = try self.middle.certificate.pem
        let root = try self.root.certificate.pem
        let (certificate, key) = self.pair
        #expect(
            self.problem(middle + certificate, key)
                == "certificate: is out of order: the key is that of certificate 2")
        #expect(
            self.problem(certificate + root, key)
                == "certificate: is out of order: certificate 2 did not issue certificate 1")
        #expect(
            self.problem(certificate + root + middle, key)
                == "certificate: is out of order: certificate 2 did not issue certificate 1")
        // The same name, another key.
        let impostor = try TestAuthority("Middle", parent: self.root)
        #expect(
            self.problem(try certificate + impostor.certificate.pem, key)
                == "certificate: is out of order: certificate 2 did not issue certificate 1")
        let bundle = String(repeating: certificate, count: 11)
        #expect(
            self.problem(bundle, key)
                == "certificate: holds 11 certificates, more than a chain has")
    }

    @Test func files() throws {
        let (certificate, key) = self.pair
        let other = P256.Signing.PrivateKey().pemRepresentation
        #expect(self.problem("", key) == "certificate: is not a PEM file")
        #expect(self.problem("\u{0}\u{1}", key) == "certificate: is not a PEM file")
        #expect(self.problem(key, key) == "certificate: holds no certificate, but PRIVATE KEY")
        #expect(self.problem(certificate, "") == "key: is not a PEM file")
        #expect(
            self.problem(certificate, certificate)
                == "key: holds no private key, but CERTIFICATE")
        #expect(
            self.problem(certificate, other) == "key: does not belong to the certificate")
        #expect(self.problem(certificate, key + "\n" + other) == "key: holds 2 private keys")
        #expect(
            self.problem(String(certificate.prefix(200)), key)
                == "certificate: is cut: CERTIFICATE has no `-----END CERTIFICATE-----`")
        let junk = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n"
        #expect(
            self.problem(junk, key)
                == "certificate: holds a certificate that cannot be read, number 1")
        let junkKey = "-----BEGIN PRIVATE KEY-----\nAAEC\n-----END PRIVATE KEY-----\n"
        #expect(self.problem(certificate, junkKey) == "key: holds a key that cannot be read")
    }

    @Test(arguments: [
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAEC\n-----END ENCRYPTED PRIVATE KEY-----\n",
        """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,00

        AAEC
        -----END EC PRIVATE KEY-----
        """,
    ])
    func encryptedKeys(key: String) {
        #expect(
            self.problem(self.pair.certificate, key)
                == "key: holds a key that is encrypted with a passphrase")
    }
}
