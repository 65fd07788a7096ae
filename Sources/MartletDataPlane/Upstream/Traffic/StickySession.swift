import MartletAlgorithms
import MartletConfig
import MartletHTTP

/// The cookie that binds a client to an endpoint, compiled.
///
/// Its value is a keyed hash (SipHash) of the endpoint: it tells nothing of the endpoint's address,
/// nobody can make up one that fits, and it is found in a table, so that nothing is computed for a
/// request. Immutable.
struct StickySession: Sendable {
    /// Hexadecimal digits of a value.
    private static let digitCount = 16

    private let name: [UInt8]
    /// `name=`, and what follows the value.
    private let prefix: [UInt8]
    private let attributes: [UInt8]
    private let secret: HashSecret
    /// From a cookie's value to an endpoint's place.
    private let places: EndpointIdentifiers
    private let identifiers: [UInt64]

    init(_ config: StickySessionConfig, endpoints: [EndpointShare]) {
        let name = Array(config.cookie.utf8)
        let secret = Self.secret(Array(config.secret.utf8))
        self.name = name
        self.secret = secret
        self.prefix = name + Array("=".utf8)
        var attributes = "; Path=/; HttpOnly; SameSite=Lax"
        if let maxAge = config.maxAge { attributes += "; Max-Age=\(maxAge.components.seconds)" }
        self.attributes = Array(attributes.utf8)
        self.places = EndpointIdentifiers(
            endpoints.map {
                EndpointShare(identifier: Self.value(of: $0.identifier, secret: secret))
            })
        self.identifiers = endpoints.map(\.identifier)
    }

    private static func secret(_ text: [UInt8]) -> HashSecret {
        var first = KeyedHash(secret: HashSecret(1, 0))
        first.absorb(text.span)
        var second = KeyedHash(secret: HashSecret(2, 0))
        second.absorb(text.span)
        return HashSecret(first.value, second.value)
    }

    private static func value(of identifier: UInt64, secret: HashSecret) -> UInt64 {
        var hash = KeyedHash(secret: secret)
        hash.absorb(identifier)
        return hash.value
    }

    /// The identifier of the endpoint that the request is bound to.
    func boundIdentifier(_ headers: borrowing HeaderList) -> UInt64? {
        guard let range = RequestField.cookie(named: self.name, in: headers) else { return nil }
        let text = headers.span(range)
        guard text.count == Self.digitCount else { return nil }
        var value: UInt64 = 0
        for index in 0..<text.count {
            guard let digit = ByteClass.hexValue(text[index]) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return self.places.index(of: value).map { self.identifiers[$0] }
    }

    /// Adds `Set-Cookie` for the endpoint.
    func bind(to identifier: UInt64, isSecure: Bool, _ headers: inout HeaderList) {
        let open = headers.beginField(.setCookie)
        headers.appendBytes(self.prefix)
        let value = Self.value(of: identifier, secret: self.secret)
        for place in 0..<Self.digitCount {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - place * 4)) & 0xf
            headers.appendByte(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
        headers.appendBytes(self.attributes)
        if isSecure { headers.appendBytes("; Secure") }
        headers.endField(open)
    }
}
