import MartletAlgorithms
import MartletConfig
import MartletHTTP
import MartletSecurity
import NIOCore

/// Signed requests (RFC 9421), with a digest of the body (RFC 9530); nobody's signature is taken
/// twice.
///
/// A body that has to be checked is held whole before anything is sent.
struct SignatureMethod: Sendable {
    private let rules: SignatureRules
    private let requiresDigest: Bool

    init(_ config: SignatureMethodConfig) {
        var rules = SignatureRules()
        rules.covered = config.covered.compactMap { SignedComponent($0) }
        rules.ageSecondsMax = config.maxAge.secondsRoundedUp
        self.rules = rules
        self.requiresDigest = config.requiresDigest
    }

    private static let digest = SignedComponent.field("content-digest")

    func evaluate(
        _ exchange: Exchange, _ state: AuthenticationState, index: Int
    ) -> AuthenticationPolicy.Outcome {
        let head = exchange.request
        let input = Self.value("signature-input", head)
        let values = Self.value("signature", head)
        guard let input, let values else {
            return input == nil && values == nil ? .absent : .refused(.signature(.malformed))
        }
        do throws(SignatureRefusal) {
            let signatures = try MessageSignature.parse(input: input.span, signature: values.span)
            // Others may be meant for somebody else.
            guard
                let signature = signatures.first(where: {
                    state.plan.signingKeys[$0.keyIdentifier] != nil
                }), let key = state.plan.signingKeys[signature.keyIdentifier]
            else { throw .keyUnknown }
            exchange.triedCredential = Array(signature.keyIdentifier.utf8)
            if let refusal = self.rules.check(signature, now: exchange.worker.wallSeconds) {
                throw refusal
            }
            let base = try signature.base { Self.value(of: $0, exchange) }
            if let refusal = key.key.check(signature, base: base) { throw refusal }
            if let wait = try self.checkBody(signature, exchange) { return wait }
            let shown = key.key.canonical(signature.signature)
            guard state.isFirst(shown, exchange, index) else { throw .replayed }
            return .accepted(key.identity)
        } catch {
            return .refused(.signature(error))
        }
    }

    /// - Returns: an outcome if the body has to be waited for, or is too large to be held.
    private func checkBody(
        _ signature: MessageSignature, _ exchange: Exchange
    ) throws(SignatureRefusal) -> AuthenticationPolicy.Outcome? {
        let isCovered = signature.components.contains(Self.digest)
        guard isCovered else {
            guard !self.requiresDigest || !exchange.hasRequestBody else { throw .digestMissing }
            return nil
        }
        guard let value = Self.value("content-digest", exchange.request) else {
            throw .digestMissing
        }
        let digest = try ContentDigest(value.span)
        guard exchange.hasRequestBody else {
            // Somebody may have taken the body away.
            guard digest.matches([]) else { throw .digestWrong }
            return nil
        }
        switch ExchangeDriver.holdBody(exchange) {
        case .some(.wait(let wait)): return .wait(wait)
        case .some(.reply(let reply)): return .reply(reply)
        case .some(.next), .none: break
        }
        guard exchange.heldBody.isWhole else { throw .digestMissing }
        guard digest.matches(Array(exchange.heldBody.bytes.readableBytesView)) else {
            throw .digestWrong
        }
        return nil
    }

    // MARK: Components

    /// All fields of this name, with commas between (RFC 9421 §2.1).
    private static func value(_ name: String, _ head: RequestHead) -> [UInt8]? {
        var value: [UInt8]?
        let name = Array(name.utf8)
        for index in head.headers.fields.indices
        where head.headers.isField(index, named: name.span) {
            let range = head.headers.fields[index].value
            let part = head.copy(range)
            value = value.map { $0 + Array(", ".utf8) + part } ?? part
        }
        return value
    }

    private static func value(of component: SignedComponent, _ exchange: Exchange) -> [UInt8]? {
        let head = exchange.request
        let bytes = { (range: ByteRange) in head.copy(range) }
        let authority = exchange.clientAuthority.map { ByteClass.lowercased($0) }
        let isSecure = exchange.isClientSecure
        let scheme = Array((isSecure ? "https" : "http").utf8)
        let query = head.hasQuery ? bytes(head.query) : []
        let target = bytes(head.path) + (head.hasQuery ? [UInt8(ascii: "?")] + query : [])
        switch component {
        case .method: return bytes(head.methodBytes)
        case .authority: return Self.withoutDefaultPort(authority, isSecure: isSecure)
        case .scheme: return scheme
        case .path: return bytes(head.path)
        case .query: return [UInt8(ascii: "?")] + query
        case .requestTarget: return target
        case .targetURI:
            return scheme + Array("://".utf8)
                + Self.withoutDefaultPort(authority, isSecure: isSecure) + target
        // Its spelling would have to be made anew; whoever wants it signed signs `@query`.
        case .queryParameter: return nil
        case .field(let name): return Self.value(name, head)
        }
    }

    /// §2.2.3.
    private static func withoutDefaultPort(_ authority: [UInt8], isSecure: Bool) -> [UInt8] {
        let suffix = Array((isSecure ? ":443" : ":80").utf8)
        return authority.suffix(suffix.count).elementsEqual(suffix)
            ? Array(authority.dropLast(suffix.count)) : authority
    }
}
