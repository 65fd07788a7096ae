import Foundation
import SwiftASN1
import X509

/// The names in a certificate's extension for them, by kind (RFC 5280 §4.2.1.6).
struct AlternativeNames: Sendable, Equatable {
    /// In lower case.
    private(set) var dns: [String] = []
    /// IPv4 and IPv6 addresses as text.
    private(set) var addresses: [String] = []
    private(set) var uris: [String] = []
    private(set) var emails: [String] = []

    init(_ certificate: Certificate) {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return }
        for name in names {
            switch name {
            case .dnsName(let text): self.dns.append(text.lowercased())
            case .ipAddress(let octets): self.addresses.append(Self.text(octets.bytes))
            case .uniformResourceIdentifier(let text): self.uris.append(text)
            case .rfc822Name(let text): self.emails.append(text)
            default: break
            }
        }
    }

    /// `192.0.2.1`, or the eight groups of an IPv6 address in full.
    private static func text(_ octets: ArraySlice<UInt8>) -> String {
        if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
        let bytes = Array(octets)
        let pairs = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return pairs.joined(separator: ":")
    }
}
