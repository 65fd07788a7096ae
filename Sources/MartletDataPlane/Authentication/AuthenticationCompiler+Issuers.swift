import MartletConfig
import MartletSecurity

/// Issuers of tokens: where their keys come from and what their tokens must say.
extension AuthenticationCompiler {
    mutating func addIssuers() {
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
        rules.leewaySeconds = config.leeway.secondsRoundedUp
        rules.ageSecondsMax = config.maxAge?.secondsRoundedUp
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
            cacheSeconds: introspection.cache.secondsRoundedUp)
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
