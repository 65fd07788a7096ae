import Crypto
import CryptoExtras
import Foundation
package import MartletJSON

/// Reading a JSON Web Key (RFC 7517, RFC 7518 §6, RFC 8037 §2).
extension VerificationKey {
    /// Why a key of a set is of no use here; others of the set may be.
    package enum JWKRefusal: UInt8, Error, Sendable, BitwiseCopyable {
        case malformed
        /// Another kind of key, curve or algorithm.
        case unknown
        /// For encryption, or for signing alone.
        case otherUse
        /// Too short, or known to be breakable.
        case weak
    }

    /// - `node`: the key's object in `document`.
    package init(_ document: JSONDocument, _ node: Int) throws(JWKRefusal) {
        guard document.kind(node) == .object else { throw .malformed }
        try Self.checkUse(document, node)
        var algorithm: JWSAlgorithm?
        if let name = try Self.text("alg", document, node) {
            guard let known = JWSAlgorithm(name.span) else { throw .unknown }
            algorithm = known
        }
        let identifier = try Self.text("kid", document, node)
        guard let type = try Self.text("kty", document, node) else { throw .malformed }
        let material: Material
        switch String(decoding: type, as: UTF8.self) {
        case "RSA": material = try Self.rsa(document, node)
        case "EC": material = try Self.curve(document, node)
        case "OKP": material = try Self.edwards(document, node)
        case "oct":
            guard let secret = try Self.bytes("k", document, node) else { throw .malformed }
            guard secret.count >= 32 else { throw .weak }
            material = .secret(SymmetricKey(data: secret), byteCount: secret.count)
        default: throw .unknown
        }
        self.init(identifier: identifier, algorithm: algorithm, material: material)
        if let algorithm, !self.fits(algorithm) { throw self.isSymmetric ? .weak : .malformed }
    }

    private static func checkUse(_ document: JSONDocument, _ node: Int) throws(JWKRefusal) {
        if let use = try self.text("use", document, node), use != Array("sig".utf8) {
            throw .otherUse
        }
        guard let operations = document.value(of: "key_ops", in: node) else { return }
        guard document.kind(operations) == .array else { throw .malformed }
        let verify = Array("verify".utf8)
        for index in 0..<document.count(operations) {
            guard let element = document.element(index, of: operations),
                document.kind(element) == .string
            else { throw .malformed }
            if document.string(element).copy == verify { return }
        }
        throw .otherUse
    }

    private static func rsa(
        _ document: JSONDocument, _ node: Int
    ) throws(JWKRefusal) -> Material {
        guard var modulus = try self.bytes("n", document, node),
            var exponent = try self.bytes("e", document, node)
        else { throw .malformed }
        // A zero in front is against RFC 7518 §2, but some issuers write it.
        if modulus.first == 0 { modulus.removeFirst() }
        if exponent.first == 0 { exponent.removeFirst() }
        guard RSAStrength.isSufficient(modulus: modulus, exponent: exponent) else { throw .weak }
        guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else {
            throw .malformed
        }
        return .rsa(key)
    }

    private static func curve(
        _ document: JSONDocument, _ node: Int
    ) throws(JWKRefusal) -> Material {
        guard let name = try self.text("crv", document, node),
            let x = try self.bytes("x", document, node),
            let y = try self.bytes("y", document, node)
        else { throw .malformed }
        // Coordinates have their full length (RFC 7518 §6.2.1.2); that the point is on the curve is
        // checked by the initialisers.
        guard x.count == y.count else { throw .malformed }
        switch String(decoding: name, as: UTF8.self) {
        case "P-256":
            guard let key = try? P256.Signing.PublicKey(rawRepresentation: x + y) else {
                throw .malformed
            }
            return .p256(key)
        case "P-384":
            guard let key = try? P384.Signing.PublicKey(rawRepresentation: x + y) else {
                throw .malformed
            }
            return .p384(key)
        case "P-521":
            guard let key = try? P521.Signing.PublicKey(rawRepresentation: x + y) else {
                throw .malformed
            }
            return .p521(key)
        default: throw .unknown
        }
    }

    private static func edwards(
        _ document: JSONDocument, _ node: Int
    ) throws(JWKRefusal) -> Material {
        guard try self.text("crv", document, node) == Array("Ed25519".utf8) else { throw .unknown }
        guard let x = try self.bytes("x", document, node), x.count == 32,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: x)
        else { throw .malformed }
        return .ed25519(key)
    }

    private static func text(
        _ key: StaticString, _ document: JSONDocument, _ node: Int
    ) throws(JWKRefusal) -> [UInt8]? {
        guard let value = document.value(of: key, in: node) else { return nil }
        guard document.kind(value) == .string else { throw .malformed }
        return document.string(value).copy
    }

    private static func bytes(
        _ key: StaticString, _ document: JSONDocument, _ node: Int
    ) throws(JWKRefusal) -> [UInt8]? {
        guard let value = document.value(of: key, in: node) else { return nil }
        guard document.kind(value) == .string,
            let bytes = Base64Text.decode(document.string(value), .url)
        else { throw .malformed }
        return bytes
    }
}
