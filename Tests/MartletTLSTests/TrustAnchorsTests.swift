import Crypto
import MartletTLS
import Testing
import X509

@Suite struct TrustAnchorsTests {
    @Test func authoritiesAndWhatVouchesForItself() throws {
        let (one, two) = (try TestAuthority("One"), try TestAuthority("Two"))
        let text = try one.certificate.pem + two.certificate.pem
        let anchors = try TrustAnchors(text)
        #expect(try anchors.encoded == [one.certificate.der, two.certificate.der])
    }

    @Test func whatIsNone() throws {
        let root = try TestAuthority()
        let leaf = try root.issue("a.example")
        #expect(
            throws: CertificateProblem(
                .certificate, "holds a certificate that is no authority's, number 2",
                hint: "name the certificate of the authority that issues, not one it issued")
        ) { try TrustAnchors(root.certificate.pem + leaf.certificate) }
        #expect(throws: CertificateProblem.self) { try TrustAnchors("") }
        #expect(throws: CertificateProblem.self) { try TrustAnchors(leaf.key) }
    }
}
