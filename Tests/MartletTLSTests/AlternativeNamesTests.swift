import Crypto
import MartletTLS
import SwiftASN1
import Testing
import X509

/// Seen through who reads them: a client's certificate.
@Suite struct AlternativeNamesTests {
    @Test func everyKind() throws {
        let root = try TestAuthority()
        let names: [GeneralName] = [
            .ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 7])), .dnsName("A.Example"),
            .rfc822Name("alice@example.com"),
            .uniformResourceIdentifier("spiffe://example.com/orders"),
            .ipAddress(
                ASN1OctetString(
                    contentBytes: [0x20, 1, 0xd, 0xb8] + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
            .registeredID([1, 2, 3]),
        ]
        let certificate = try root.issue(
            names, key: Certificate.PrivateKey(P256.Signing.PrivateKey()))
        let client = try #require(ClientCertificate(encoded: try certificate.der))
        #expect(
            client.names.map { String(decoding: $0, as: UTF8.self) } == [
                "dns:a.example", "uri:spiffe://example.com/orders", "email:alice@example.com",
                "ip:192.0.2.7", "ip:2001:db8:0:0:0:0:0:1",
            ])
    }
}
