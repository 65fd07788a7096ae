import MartletConfig
import MartletSecurity

/// The steps that find out who calls and what follows from it.
extension ProgramBuilder {
    /// What these steps are made for.
    struct CallerContext {
        let document: ConfigDocument
        let plan: AuthenticationPlan
    }

    /// The identity names of a route, which stand behind its captures.
    static func identityNames(
        _ config: RouteConfig, _ document: ConfigDocument, captureNames: [String]
    ) throws(InvalidPolicy) -> [String] {
        var names = RouteTemplates.names(of: config, document)
        let isKnown = document.policy(of: config) != nil
        names.removeAll { captureNames.contains($0) }
        guard names.isEmpty || isKnown else {
            throw InvalidPolicy(
                "`{\(names[0])}` tells of the caller, but this route has no `authentication`")
        }
        if isKnown, config.upstream != nil {
            for header in document.authentication.identityHeaders {
                for name in RouteTemplates.names(in: header.value)
                where !names.contains(name) && !captureNames.contains(name) {
                    names.append(name)
                }
            }
        }
        guard names.count <= IdentityName.countMax else {
            throw InvalidPolicy(
                "more than \(IdentityName.countMax) different values of the caller in one route")
        }
        return names
    }

    mutating func callerSteps(
        _ config: RouteConfig, _ context: CallerContext, identityNames: [String]
    ) throws(InvalidPolicy) -> [Step] {
        let external = self.externalSteps(config)
        guard let policy = context.document.policy(of: config) else {
            guard config.access.isEmpty, config.branches.isEmpty else {
                throw InvalidPolicy(
                    "`access` and `branches` are for callers that are known, "
                        + "but this route has no `authentication`")
            }
            return external
        }
        let row = try self.authenticationRow(policy, context)
        var steps = [Step(kind: .authentication, index: row)]
        if !config.access.isEmpty {
            steps.append(
                Step(kind: .access, index: self.accessRow(config.access, policy, context)))
        }
        steps += external
        if !identityNames.isEmpty {
            let fields = try identityNames.map { name throws(InvalidPolicy) in
                try Self.field(name, context)
            }
            self.identityValues.append(IdentityValuesPolicy(fields: fields))
            steps.append(
                Step(kind: .identityValues, index: UInt32(self.identityValues.count - 1)))
        }
        if !config.branches.isEmpty {
            self.branches.append(
                try BranchPolicy(branches: Self.branches(config.branches, context)))
            steps.append(Step(kind: .branch, index: UInt32(self.branches.count - 1)))
        }
        return steps
    }

    private mutating func externalSteps(_ config: RouteConfig) -> [Step] {
        guard let external = config.externalAuthorization else { return [] }
        self.externalAuthorizations.append(ExternalAuthorizationPolicy(external))
        let row = self.externalAuthorizations.count - 1
        return [Step(kind: .externalAuthorization, index: UInt32(row))]
    }

    /// Equal policies share a row.
    private mutating func authenticationRow(
        _ config: AuthenticationPolicyConfig, _ context: CallerContext
    ) throws(InvalidPolicy) -> UInt32 {
        if let known = self.knownAuthentication.firstIndex(where: {
            $0.methods == config.methods && $0.requirement == config.requirement
                && $0.anonymous == config.anonymous
        }) {
            return UInt32(known)
        }
        let index = UInt32(self.authentications.count)
        self.authentications.append(
            try AuthenticationPolicy(config, index: index, context: context))
        self.knownAuthentication.append(config)
        return index
    }

    private mutating func accessRow(
        _ rules: [AccessRuleConfig], _ policy: AuthenticationPolicyConfig,
        _ context: CallerContext
    ) -> UInt32 {
        let index = UInt32(self.accesses.count)
        let usesBearer = policy.methods.contains { method in
            if case .jwt = method { true } else { false }
        }
        let realm = context.document.authentication.realm
        self.accesses.append(
            AccessPolicy(
                rules: rules.map { rule in
                    AccessPolicy.Rule(
                        methods: rule.methods.map { Array($0.utf8) },
                        consumers: Self.rows(rule.consumers, context),
                        groups: context.plan.groupNames.set(of: rule.groups),
                        deniedConsumers: Self.rows(rule.deniedConsumers, context),
                        deniedGroups: context.plan.groupNames.set(of: rule.deniedGroups),
                        scopes: context.plan.scopeNames.set(of: rule.scopes),
                        challenge: usesBearer && !rule.scopes.isEmpty
                            ? Array(
                                Challenge.bearer(
                                    realm: realm, error: .insufficientScope,
                                    scope: rule.scopes.joined(separator: " "),
                                    resourceMetadata: context.document.authentication
                                        .resourceMetadata
                                ).utf8) : [])
                }, index: index))
        return index
    }

    private static func rows(_ names: [String], _ context: CallerContext) -> [Int32] {
        names.compactMap { name in
            context.document.consumers.firstIndex { $0.name == name }.map(Int32.init)
        }
    }

    private static func branches(
        _ configs: [BranchConfig], _ context: CallerContext
    ) throws(InvalidPolicy) -> [BranchPolicy.Branch] {
        var branches: [BranchPolicy.Branch] = []
        for config in configs {
            guard
                let upstream = context.document.upstreams.firstIndex(where: {
                    $0.name == config.upstream
                })
            else { continue }
            var claims: UInt64 = 0
            for claim in config.claims {
                guard let place = ClaimPlace(claim.place) else {
                    throw InvalidPolicy("`\(claim.place)` is not the name of a claim")
                }
                let rule = ClaimRule(place: place, values: claim.values)
                guard let bit = context.plan.claimRules.firstIndex(of: rule), bit < 64 else {
                    throw InvalidPolicy("branches ask for more than 64 different claims")
                }
                claims |= 1 << UInt64(bit)
            }
            branches.append(
                .init(
                    consumers: Self.rows(config.consumers, context),
                    groups: context.plan.groupNames.set(of: config.groups), claims: claims,
                    upstream: UInt32(upstream)))
        }
        return branches
    }

    private static func field(
        _ name: String, _ context: CallerContext
    ) throws(InvalidPolicy) -> IdentityValuesPolicy.Field {
        switch name {
        case "consumer.name": return .consumerName
        case "consumer.groups": return .groups
        case "credential.name": return .credential
        case "subject": return .subject
        case "scopes": return .scopes
        default: break
        }
        if name.hasPrefix("claims.") {
            let text = String(name.dropFirst("claims.".count))
            guard
                let row = context.plan.claimPlaces.firstIndex(where: { $0.text == text })
            else { throw InvalidPolicy("`{\(name)}` is not the name of a claim") }
            return .claim(row)
        }
        let key = String(name.dropFirst("consumer.metadata.".count))
        guard context.plan.consumers.contains(where: { $0.metadata[key] != nil }) else {
            throw InvalidPolicy("no consumer has `metadata` called `\(key)`")
        }
        return .metadata(context.plan.consumers.map { $0.metadata[key] ?? [] })
    }
}
