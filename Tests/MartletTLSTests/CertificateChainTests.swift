import Crypto
import MartletTLS
import Testing
import X509

@Suite struct CertificateChainTests {
    @Test func theHoldersComesFirst() throws {
        let root = try TestAuthority("Root")
        let leaf = try root.issue(
            [.dnsName("a.example")], key: Certificate.PrivateKey(P256.Signing.PrivateKey()))
        let chain = try CertificateChain(leaf.pem + root.certificate.pem)
        #expect(try chain.encoded == [leaf.der, root.certificate.der])
    }

    @Test func labelsOfOldTools() throws {
        let text = try TestAuthority().certificate.pem
        for label in ["TRUSTED CERTIFICATE", "X509 CERTIFICATE"] {
            let renamed = text.replacing("CERTIFICATE", with: label)
            #expect(try CertificateChain(renamed).encoded.count == 1)
        }
    }
}
