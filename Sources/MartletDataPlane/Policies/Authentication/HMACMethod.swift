import Crypto
import MartletConfig
import MartletHTTP
import MartletSecurity
import NIOCore

/// Requests that are signed with a shared secret in one of the ways that webhooks and older APIs
/// have: a code in a field, over a text that a template says.
///
/// A body that is signed is held whole before anything is sent.
struct HMACMethod: Sendable {
    private let place: CredentialPlace
    private let field: SignatureField
    private let text: SignedText
    private let timestampPlace: CredentialPlace?
    private let hasTimestamp: Bool
    private let rules: SignatureRules
    /// `nil`: the request names it.
    private let key: String?
    private let keyPlace: CredentialPlace?
    private let isTakenOnce: Bool
    /// Where the upstream is not to see the signature.
    let withheld: CredentialPlace?

    init(_ config: HMACMethodConfig, _ plan: AuthenticationPlan) throws(InvalidPolicy) {
        var pieces: [SignedText.Piece] = []
        for piece in try ValueTemplatePiece.split(config.signed) {
            switch piece {
            case .literal(let text): pieces.append(.literal(Array(text.utf8)))
            case .capture(let name):
                guard let piece = SignedText.Piece(name: name) else {
                    throw InvalidPolicy("`{\(name)}` is no part of a request")
                }
                pieces.append(piece)
            }
        }
        if let key = config.key {
            guard let known = plan.signingKeys[key] else {
                throw InvalidPolicy("no consumer has a signing key `\(key)`")
            }
            guard known.key.isShared else {
                throw InvalidPolicy("the signing key `\(key)` is no secret that two sides share")
            }
        }
        self.place = CredentialPlace(header: config.header)
        self.field = SignatureField(
            prefix: Array(config.prefix.utf8), encoding: SignatureField.Encoding(config.encoding),
            pairs: config.pairs.map {
                SignatureField.Pairs(
                    signature: Array($0.signature.utf8),
                    timestamp: $0.timestamp.map { Array($0.utf8) })
            })
        self.text = SignedText(pieces)
        self.timestampPlace = config.timestamp.map { CredentialPlace(header: $0) }
        self.hasTimestamp = config.hasTimestamp
        var rules = SignatureRules()
        rules.ageSecondsMax = config.maxAge.secondsRoundedUp
        self.rules = rules
        self.key = config.key
        self.keyPlace = config.keyHeader.map { CredentialPlace(header: $0) }
        self.isTakenOnce = config.isTakenOnce
        self.withheld = config.forwards ? nil : CredentialPlace(header: config.header)
    }

    func evaluate(
        _ exchange: Exchange, _ state: AuthenticationState, index: Int
    ) -> AuthenticationPolicy.Outcome {
        let head = exchange.request
        let range: ByteRange
        switch self.place.find(in: head) {
        case .none: return .absent
        case .several: return .refused(.credentialsAmbiguous)
        case .one(let found): range = found
        }
        do throws(SignatureRefusal) {
            let content = try self.field.content(of: head.copy(range))
            let identifier = try self.keyIdentifier(head)
            guard let key = state.plan.signingKeys[identifier], key.key.isShared else {
                throw .keyUnknown
            }
            exchange.triedCredential = Array(identifier.utf8)
            let timestamp = try self.timestamp(content, exchange)
            if let outcome = try self.holdBody(exchange) { return outcome }
            let message = try self.text.bytes {
                Self.value(of: $0, exchange, timestamp: timestamp, identifier: identifier)
            }
            guard
                let code = content.codes.first(where: { key.key.verifies($0, over: message) })
            else { throw .signatureInvalid }
            if self.isTakenOnce, !state.isFirst(code, exchange, index) { throw .replayed }
            return .accepted(key.identity)
        } catch {
            return .refused(.signature(error))
        }
    }

    // MARK: What the request says of its signature

    private func keyIdentifier(_ head: RequestHead) throws(SignatureRefusal) -> String {
        if let key { return key }
        guard let keyPlace, let value = try Self.value(of: keyPlace, head) else {
            throw .keyUnknown
        }
        return String(decoding: value, as: UTF8.self)
    }

    /// Of a time that is taken; `nil` where the scheme has none.
    private func timestamp(
        _ content: SignatureField.Content, _ exchange: Exchange
    ) throws(SignatureRefusal) -> [UInt8]? {
        guard self.hasTimestamp else { return nil }
        var found = content.timestamp
        if let timestampPlace { found = try Self.value(of: timestampPlace, exchange.request) }
        guard let found else { throw .createdMissing }
        guard let seconds = Self.seconds(found) else { throw .malformed }
        if let refusal = self.rules.checkAge(of: seconds, now: exchange.worker.wallSeconds) {
            throw refusal
        }
        return found
    }

    /// Seconds since 1970, or a date as HTTP writes it (RFC 9110 §5.6.7).
    private static func seconds(_ text: [UInt8]) -> Int64? {
        guard text.count > Self.digitsMax || !text.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return Int64(String(decoding: text, as: UTF8.self))
        }
        return HTTPDate.secondsSinceEpoch(text.span).map { Int64($0) }
    }

    /// Of seconds; milliseconds have more.
    private static let digitsMax = 11

    /// `nil` if there is none.
    private static func value(
        of place: CredentialPlace, _ head: RequestHead
    ) throws(SignatureRefusal) -> [UInt8]? {
        switch place.find(in: head) {
        case .none: return nil
        case .several: throw .malformed
        case .one(let range): return head.copy(range)
        }
    }

    // MARK: What is signed

    /// - Returns: an outcome if the body has to be waited for, or is too large to be held.
    private func holdBody(
        _ exchange: Exchange
    ) throws(SignatureRefusal) -> AuthenticationPolicy.Outcome? {
        guard self.text.coversBody, exchange.hasRequestBody else { return nil }
        switch ExchangeDriver.holdBody(exchange) {
        case .some(.wait(let wait)): return .wait(wait)
        case .some(.reply(let reply)): return .reply(reply)
        case .some(.next), .none: break
        }
        guard exchange.heldBody.isWhole else { throw .componentMissing }
        return nil
    }

    private static func value(
        of piece: SignedText.Piece, _ exchange: Exchange, timestamp: [UInt8]?, identifier: String
    ) -> [UInt8]? {
        let head = exchange.request
        switch piece {
        case .literal(let text): return text
        case .method: return head.copy(head.methodBytes)
        case .path: return head.copy(head.path)
        case .query: return head.hasQuery ? head.copy(head.query) : []
        case .target:
            let query = head.hasQuery ? [UInt8(ascii: "?")] + head.copy(head.query) : []
            return head.copy(head.path) + query
        case .host: return exchange.clientAuthority.map { ByteClass.lowercased($0) }
        case .timestamp: return timestamp
        case .keyIdentifier: return Array(identifier.utf8)
        case .field(let name):
            let place = CredentialPlace(header: String(decoding: name, as: UTF8.self))
            guard case .one(let range) = place.find(in: head) else { return nil }
            return head.copy(range)
        case .body: return Self.body(exchange)
        case .bodyDigest:
            return Hexadecimal.encode(Array(SHA256.hash(data: Self.body(exchange))).span)
        }
    }

    private static func body(_ exchange: Exchange) -> [UInt8] {
        exchange.hasRequestBody ? Array(exchange.heldBody.bytes.readableBytesView) : []
    }
}

extension SignatureField.Encoding {
    fileprivate init(_ config: HMACMethodConfig.Encoding) {
        switch config {
        case .hex: self = .hexadecimal
        case .base64: self = .base64
        case .base64url: self = .base64URL
        }
    }
}
