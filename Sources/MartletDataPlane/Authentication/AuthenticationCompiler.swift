import MartletAlgorithms
import MartletConfig
import MartletJSON
import MartletSecurity

/// Compiles consumers, keys and issuers into the tables of an `AuthenticationPlan`.
///
/// Collects every error with its place.
struct AuthenticationCompiler {
    let document: ConfigDocument
    private(set) var diagnostics: [Diagnostic] = []
    var tables: AuthenticationTables
    private var keyHashes: [APIKeyHash] = []
    private var keySources: [SourceLocation] = []
    private var keyRightRows: [APIKeyRights: Int32] = [:]
    private var consumerRows: [String: Int32] = [:]

    /// - `previous`: kept whole if nothing that it was made of has changed.
    /// - `version`: of the plan that is made; greater than that of `previous`.
    static func compile(
        _ document: ConfigDocument, rules: AuthenticationRules, version: UInt64,
        previous: AuthenticationPlan?, diagnostics: inout [Diagnostic]
    ) -> AuthenticationPlan? {
        if let previous, previous.config == document.authentication,
            previous.consumerConfigs == document.consumers, previous.rules == rules
        {
            return previous
        }
        guard var compiler = AuthenticationCompiler(document, rules) else { return nil }
        compiler.addNames()
        compiler.addConsumers()
        compiler.addIssuers()
        compiler.addLogins()
        compiler.addKeyTable()
        diagnostics += compiler.diagnostics
        guard !compiler.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
        let secret =
            previous?.secret
            ?? HashSecret(.random(in: .min ... .max), .random(in: .min ... .max))
        return AuthenticationPlan(
            compiler.tables, epoch: version, secret: secret,
            lockout: self.lockout(document.authentication.lockout, secret, previous?.lockout),
            replays: self.replays(compiler.tables, previous))
    }

    private static func lockout(
        _ config: LockoutConfig?, _ secret: HashSecret, _ previous: Lockout?
    ) -> Lockout? {
        guard let config else { return nil }
        if let previous, previous.config == config { return previous }
        return Lockout(config, secret: secret, at: LimitTime(monotonic: 0, wall: 0))
    }

    /// A bucket of one token for each signature, which is full again when the signature is too old
    /// anyway.
    private static func replays(
        _ tables: AuthenticationTables, _ previous: AuthenticationPlan?
    ) -> SharedLimit? {
        guard !tables.signingKeys.isEmpty else { return nil }
        if let known = previous?.replays { return known }
        let hours = UInt64(2) * 3600 * 1_000_000_000
        guard let bucket = TokenBucket(tokens: 1, per: hours, burst: 1) else { return nil }
        return SharedLimit(
            LimitSettings(
                name: "signatures", windows: [.tokenBucket(bucket)],
                keysMax: self.replayedSignaturesMax),
            at: LimitTime(monotonic: 0, wall: 0))
    }

    /// Told apart in two hours; beyond that some are refused that are not replays.
    private static let replayedSignaturesMax = 1_000_000

    private init?(_ document: ConfigDocument, _ rules: AuthenticationRules) {
        guard let empty = try? APIKeyTable([]) else { return nil }
        self.document = document
        self.tables = AuthenticationTables(
            config: document.authentication, consumerConfigs: document.consumers, rules: rules,
            keyTable: empty)
        if let secret = document.authentication.keySecret {
            self.tables.hasher = APIKeyHasher(secret: Array(secret.text.utf8))
        }
        for (row, consumer) in document.consumers.enumerated() {
            self.consumerRows[consumer.name] = Int32(row)
        }
    }

    mutating func add(
        _ severity: Diagnostic.Severity = .error, at source: SourceLocation, _ path: String,
        _ message: String, hint: String? = nil
    ) {
        self.diagnostics.append(
            Diagnostic(severity, at: source, path: path, message, hint: hint))
    }

    // MARK: Names

    private mutating func addNames() {
        for group in self.tables.rules.groups where self.tables.groupNames.add(group) == nil {
            self.add(
                at: .unknown, "routes", "rules name more than \(NameSet.countMax) groups",
                hint: "leave the one `\(group)` out")
            return
        }
        for scope in self.tables.rules.scopes where self.tables.scopeNames.add(scope) == nil {
            self.add(
                at: .unknown, "routes", "rules name more than \(NameSet.countMax) scopes",
                hint: "leave the one `\(scope)` out")
            return
        }
    }

    // MARK: Consumers

    private mutating func addConsumers() {
        for (row, config) in self.document.consumers.enumerated() {
            var metadata: [String: [UInt8]] = [:]
            for entry in config.metadata { metadata[entry.name] = Array(entry.value.utf8) }
            let consumer = ConsumerPlan(
                name: Array(config.name.utf8),
                groups: self.tables.groupNames.set(of: config.groups),
                groupText: Array(config.groups.joined(separator: ",").utf8), metadata: metadata)
            self.tables.consumers.append(consumer)
            self.addKeys(config, Int32(row), consumer)
            self.addPasswords(config, Int32(row), consumer)
            self.addSigningKeys(config, Int32(row), consumer)
            for name in config.certificates {
                let known = self.tables.certificates.updateValue(
                    Int32(row), forKey: Array(name.utf8))
                guard let known, known != Int32(row) else { continue }
                self.add(
                    at: config.source, "consumers.\(config.name).certificates",
                    "the certificate `\(name)` is another consumer's too")
            }
        }
    }

    private func identity(
        _ row: Int32, _ consumer: ConsumerPlan, scopes: [String], credential: String
    ) -> Identity {
        var identity = Identity()
        identity.consumer = row
        identity.groups = consumer.groups
        identity.scopes = self.tables.scopeNames.set(of: scopes)
        identity.ownTexts = IdentityTexts(
            credential: Array(credential.utf8), groups: consumer.groupText,
            scopes: Array(scopes.joined(separator: " ").utf8))
        return identity
    }

    private mutating func addKeys(
        _ config: ConsumerConfig, _ row: Int32, _ consumer: ConsumerPlan
    ) {
        let path = "consumers.\(config.name).api-keys"
        for key in config.apiKeys {
            guard let hash = APIKeyHash(text: key.hash) else {
                self.add(
                    at: key.source, path, "this is no hash of an API key",
                    hint: "`martlet keys create` prints one: `hmac-sha256:` and 64 digits")
                continue
            }
            if self.tables.hasher == nil {
                self.add(
                    at: key.source, path,
                    "there are API keys, but no secret that they are hashed with",
                    hint: "give `authentication.key-secret`")
                return
            }
            if let start = key.notBefore, let end = key.expires, start >= end {
                self.add(at: key.source, path, "this key expires before it begins")
            }
            let identity = self.identity(
                row, consumer, scopes: key.scopes, credential: key.name)
            let rights = APIKeyRights(
                groups: identity.groups, scopes: identity.scopes,
                notBefore: key.notBefore ?? .min, expiry: key.expires ?? .max)
            self.keyHashes.append(hash)
            self.keySources.append(key.source)
            self.tables.keys.append(APIKeyPlan(consumer: row, rights: self.row(of: rights)))
            self.tables.keyTexts.append(identity.ownTexts ?? IdentityTexts())
        }
    }

    private mutating func row(of rights: APIKeyRights) -> Int32 {
        if let known = self.keyRightRows[rights] { return known }
        let row = Int32(clamping: self.tables.keyRights.count)
        self.tables.keyRights.append(rights)
        self.keyRightRows[rights] = row
        return row
    }

    private mutating func addKeyTable() {
        do throws(APIKeyTable.Failure) {
            self.tables.keyTable = try APIKeyTable(self.keyHashes)
        } catch {
            guard case .duplicate(let first, let second) = error else { return }
            self.diagnostics.append(
                Diagnostic(
                    .error, at: self.keySources[second], path: "consumers",
                    "this API key is given twice", hint: "a key belongs to one consumer",
                    related: self.keySources[first]))
        }
    }

    private mutating func addPasswords(
        _ config: ConsumerConfig, _ row: Int32, _ consumer: ConsumerPlan
    ) {
        let path = "consumers.\(config.name).passwords"
        for password in config.passwords {
            do throws(PasswordHash.Problem) {
                let hash = try PasswordHash(password.hash)
                if hash.isWeak {
                    self.add(
                        .warning, at: password.source, path,
                        "this hash is cheap to guess the password from",
                        hint: "bcrypt from cost 10, or Argon2id from 19 MiB and 2 passes")
                }
                let plan = PasswordPlan(
                    hash: hash,
                    identity: self.identity(
                        row, consumer, scopes: password.scopes, credential: password.user))
                guard
                    self.tables.passwords.updateValue(plan, forKey: Array(password.user.utf8))
                        != nil
                else { continue }
                self.add(
                    at: password.source, path, "there are two users named `\(password.user)`")
            } catch {
                self.add(
                    at: password.source, path,
                    error == .tooCostly
                        ? "checking this hash would take too long" : "this is no password's hash",
                    hint: "bcrypt up to cost 15, yescrypt, or Argon2id up to 256 MiB; "
                        + "`htpasswd -nbB` and `argon2` make them")
            }
        }
    }

    private mutating func addSigningKeys(
        _ config: ConsumerConfig, _ row: Int32, _ consumer: ConsumerPlan
    ) {
        let path = "consumers.\(config.name).signing-keys"
        for key in config.signingKeys {
            guard let material = Self.material(key),
                let signing = SigningKey(material, algorithm: key.algorithm)
            else {
                self.add(
                    at: key.source, path, "this key cannot be used for `\(key.algorithm)`",
                    hint: "a JSON Web Key of the algorithm's kind, RSA from 2048 bits")
                continue
            }
            let plan = SigningKeyPlan(
                key: signing,
                identity: self.identity(
                    row, consumer, scopes: key.scopes, credential: key.identifier))
            let known = self.tables.signingKeys.updateValue(plan, forKey: key.identifier)
            guard known != nil else { continue }
            self.add(at: key.source, path, "there are two signing keys named `\(key.identifier)`")
        }
    }

    private static func material(_ config: SigningKeyConfig) -> VerificationKey? {
        switch config.material {
        case .none: return nil
        case .secret(let secret): return .secret(Array(secret.text.utf8))
        case .publicKey(let file):
            guard let document = try? JSONDocument(Array(file.text.utf8).span),
                let key = try? VerificationKey(document, 0)
            else { return nil }
            return key
        }
    }

    // MARK: Issuers

    private mutating func addIssuers() {
        for config in self.document.authentication.issuers {
            guard let issuer = self.issuer(config) else { continue }
            self.tables.issuers.append(issuer)
        }
    }

    private mutating func issuer(_ config: TokenIssuerConfig) -> IssuerPlan? {
        let path = "authentication.issuers.\(config.name)"
        guard let subject = self.place(config.subjectClaim, config, path) else { return nil }
        var scopes: [ClaimPlace] = []
        for claim in config.scopeClaims {
            guard let place = self.place(claim, config, path) else { return nil }
            scopes.append(place)
        }
        var group: ClaimPlace?
        if let claim = config.groupClaim {
            group = self.place(claim, config, path)
            if group == nil { return nil }
        }
        guard let (keys, source, isSymmetric) = self.keys(config, path) else { return nil }
        guard let rules = self.rules(config, path) else { return nil }
        let algorithms = self.algorithms(config, path, isSymmetric: isSymmetric)
        return IssuerPlan(
            name: config.name,
            issuer: TokenIssuer(name: config.name, rules: rules, algorithms: algorithms),
            keys: keys, source: source, introspection: Self.introspection(config),
            subject: subject, scopes: scopes, group: group,
            consumers: self.subjects(of: config.name),
            defaultConsumer: config.consumer.flatMap { self.consumerRows[$0] }
                ?? Identity.noConsumer)
    }

    private mutating func place(
        _ text: String, _ config: TokenIssuerConfig, _ path: String
    ) -> ClaimPlace? {
        let place = ClaimPlace(text)
        if place == nil {
            self.add(
                at: config.source, path, "`\(text)` is neither a claim's name nor a JSON pointer")
        }
        return place
    }

    private mutating func rules(_ config: TokenIssuerConfig, _ path: String) -> ClaimRules? {
        var rules = ClaimRules()
        rules.issuer = config.issuer.map { Array($0.utf8) }
        rules.audiences = config.audiences.map { Array($0.utf8) }
        rules.requiresExpiry = config.requiresExpiry
        // What ends a token that the issuer is asked about is the issuer.
        if case .introspection = config.keys { rules.requiresExpiry = false }
        rules.leewaySeconds = config.leeway.components.seconds
        rules.ageSecondsMax = config.maxAge?.components.seconds
        rules.type = config.type.map { TokenHeader.typeName(Array($0.utf8)) }
        for claim in config.claims {
            guard let place = self.place(claim.place, config, path) else { return nil }
            rules.claims.append(ClaimRule(place: place, values: claim.values))
        }
        return rules
    }

    private mutating func algorithms(
        _ config: TokenIssuerConfig, _ path: String, isSymmetric: Bool
    ) -> [JWSAlgorithm] {
        guard !config.algorithms.isEmpty else {
            return isSymmetric ? [.hs256] : JWSAlgorithm.allCases.filter { !$0.isSymmetric }
        }
        let algorithms = config.algorithms.compactMap { JWSAlgorithm($0) }
        if algorithms.contains(where: { $0.isSymmetric != isSymmetric }) {
            self.add(
                at: config.source, path,
                isSymmetric
                    ? "a secret is for HS256, HS384 and HS512 alone"
                    : "HS256, HS384 and HS512 need a `secret`, not public keys",
                hint: "leave the others out of `algorithms`")
        }
        return algorithms
    }

    private typealias Keys = (keys: KeySet?, source: IssuerPlan.KeySource?, isSymmetric: Bool)

    private mutating func keys(_ config: TokenIssuerConfig, _ path: String) -> Keys? {
        switch config.keys {
        case .none: return nil
        case .introspection: return (nil, nil, false)
        case .url(let url):
            let source = IssuerPlan.KeySource(
                url: url, interval: config.refreshInterval, timeout: config.fetchTimeout,
                unknownKeyInterval: config.unknownKeyInterval)
            return (nil, source, false)
        case .secret(let secret):
            return (KeySet([.secret(Array(secret.text.utf8))], version: 0), nil, true)
        case .set(let file):
            do throws(KeySet.Refusal) {
                let keys = try KeySet.parse(Array(file.text.utf8).span, version: 0)
                return (keys, nil, keys.keys.first?.isSymmetric ?? false)
            } catch {
                self.add(
                    at: file.source, "\(path).jwks-file",
                    "the key set \(file.shown) cannot be used: \(error.sentence)")
                return nil
            }
        }
    }

    private static func introspection(_ config: TokenIssuerConfig) -> IntrospectionPlan? {
        guard case .introspection(let introspection) = config.keys else { return nil }
        return IntrospectionPlan(
            url: introspection.url,
            authorization: BasicCredentials.value(
                clientID: introspection.clientID, clientSecret: introspection.clientSecret.text),
            timeout: config.fetchTimeout,
            cacheSeconds: introspection.cache.components.seconds)
    }

    private mutating func subjects(of issuer: String) -> [[UInt8]: Int32] {
        var rows: [[UInt8]: Int32] = [:]
        for (row, consumer) in self.document.consumers.enumerated() {
            for subject in consumer.subjects where subject.issuer == issuer {
                let known = rows.updateValue(Int32(row), forKey: Array(subject.subject.utf8))
                guard let known, known != Int32(row) else { continue }
                self.add(
                    at: subject.source, "consumers.\(consumer.name).subjects",
                    "this subject is another consumer's too")
            }
        }
        return rows
    }
}

extension ClaimRule {
    /// Without values it is enough that the claim is there.
    init(place: ClaimPlace, values: [String]) {
        self.init(
            place: place,
            test: values.isEmpty ? .isPresent : .isOneOf(values.map { Array($0.utf8) }))
    }
}
