import Crypto
import Foundation
import MartletTLS
import Testing
import X509

@Suite struct ClientCertificateTests {
    @Test func whoItIs() throws {
        let root = try TestAuthority()
        let certificate = try root.issue(
            [.dnsName("orders.internal")], subject: "orders",
            key: Certificate.PrivateKey(P256.Signing.PrivateKey()))
        let der = try certificate.der
        let client = try #require(ClientCertificate(encoded: der))
        let text = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self) }
        #expect(text(client.subject) == "CN=orders,O=Example\\, Inc.")
        #expect(client.names.map(text) == ["dns:orders.internal"])
        let digest = SHA256.hash(data: der).map { String(format: "%02x", $0) }.joined()
        #expect(text(client.fingerprint) == digest && digest.count == 64)
        #expect(text(client.fieldValue) == ":\(Data(der).base64EncodedString()):")
    }

    @Test(arguments: [[], [0x30], [0x30, 0x80], [UInt8](repeating: 0xff, count: 400)])
    func whatIsNoCertificate(bytes: [UInt8]) {
        #expect(ClientCertificate(encoded: bytes) == nil)
    }
}
