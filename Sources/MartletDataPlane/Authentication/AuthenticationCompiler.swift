import MartletAlgorithms
import MartletConfig
import MartletSecurity

/// Compiles consumers, keys and issuers into the tables of an `AuthenticationPlan`.
///
/// Collects every error with its place.
struct AuthenticationCompiler {
    let document: ConfigDocument
    var diagnostics: [Diagnostic] = []
    var tables: AuthenticationTables
    var keyHashes: [APIKeyHash] = []
    var keySources: [SourceLocation] = []
    var keyRightRows: [APIKeyRights: Int32] = [:]
    /// By the consumers' names.
    private(set) var consumerRows: [String: Int32] = [:]

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
            replays: self.replays(document, previous),
            endedSessions: self.endedSessions(compiler.tables, previous))
    }

    private static func lockout(
        _ config: LockoutConfig?, _ secret: HashSecret, _ previous: Lockout?
    ) -> Lockout? {
        guard let config else { return nil }
        if let previous, previous.config == config { return previous }
        return Lockout(config, secret: secret, at: LimitTime(monotonic: 0, wall: 0))
    }

    /// Signatures that were taken: until they are too old anyway.
    ///
    /// Kept also while there are no keys, so that none is forgotten by a mistake that is mended.
    private static func replays(
        _ document: ConfigDocument, _ previous: AuthenticationPlan?
    ) -> SharedLimit? {
        let methods = document.policies.flatMap(\.methods)
        let seconds = methods.compactMap(\.signatureSeconds).max() ?? 0
        if let known = previous?.replays, self.seconds(known) >= seconds { return known }
        guard seconds > 0 else { return nil }
        return self.memory(
            "signatures", seconds: seconds, keysMax: self.replayedSignaturesMax)
    }

    /// Told apart in that time; beyond that some are refused that are not replays.
    private static let replayedSignaturesMax = 1_000_000

    /// How long a `memory` lasts.
    private static func seconds(_ memory: SharedLimit) -> UInt64 {
        guard case .tokenBucket(let bucket)? = memory.settings.windows.first else { return 0 }
        return bucket.period / 1_000_000_000
    }

    /// Sessions that a logout has ended: for as long as one can last.
    private static func endedSessions(
        _ tables: AuthenticationTables, _ previous: AuthenticationPlan?
    ) -> SharedLimit? {
        let seconds = tables.logins.map { UInt64(clamping: $0.lifetimeSeconds) }.max() ?? 0
        if let known = previous?.endedSessions, self.seconds(known) >= seconds { return known }
        guard seconds > 0 else { return nil }
        return self.memory(
            "sessions", seconds: seconds, keysMax: self.endedSessionsMax, forgetsEvicted: true)
    }

    /// Logouts in the longest lifetime of a session; beyond that the oldest are forgotten.
    private static let endedSessionsMax = 200_000

    /// What remembers keys for a while, of all workers: a bucket of one token for each, which is
    /// full again afterwards.
    private static func memory(
        _ name: String, seconds: UInt64, keysMax: Int, forgetsEvicted: Bool = false
    ) -> SharedLimit? {
        guard let bucket = TokenBucket(tokens: 1, per: seconds * 1_000_000_000, burst: 1)
        else { return nil }
        return SharedLimit(
            LimitSettings(
                name: name, windows: [.tokenBucket(bucket)], keysMax: keysMax,
                forgetsEvicted: forgetsEvicted),
            at: LimitTime(monotonic: 0, wall: 0))
    }

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
}

extension AuthenticationMethodConfig {
    /// How long a signature may be shown after it was made; `nil` for methods without signatures
    /// that are taken once.
    fileprivate var signatureSeconds: UInt64? {
        // Clocks may differ to both sides.
        let leeway = 2 * SignatureRules().leewaySeconds
        switch self {
        case .signature(let config):
            return UInt64(clamping: config.maxAge.secondsRoundedUp + leeway)
        case .hmac(let config) where config.isTakenOnce:
            // Without a time it is good for ever, and remembered for two hours.
            return config.hasTimestamp
                ? UInt64(clamping: config.maxAge.secondsRoundedUp + leeway) : 7200
        default: return nil
        }
    }
}
