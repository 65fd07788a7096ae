import MartletConfig
import MartletSecurity

extension AuthenticationRules {
    /// What the routes of a document ask of those that are known.
    init(_ document: ConfigDocument) {
        for route in document.routes {
            if let external = route.externalAuthorization, external.cache > .zero {
                self.cachesExternally = true
            }
            for rule in route.access {
                self.add(rule.groups + rule.deniedGroups, to: \.groups)
                self.add(rule.scopes, to: \.scopes)
            }
            for branch in route.branches {
                self.add(branch.groups, to: \.groups)
                for claim in branch.claims {
                    guard let place = ClaimPlace(claim.place) else { continue }
                    let rule = ClaimRule(place: place, values: claim.values)
                    if !self.claimRules.contains(rule) { self.claimRules.append(rule) }
                }
            }
            self.addClaims(of: RouteTemplates.names(of: route, document))
        }
        self.addClaims(
            of: document.authentication.identityHeaders.flatMap {
                RouteTemplates.names(in: $0.value)
            })
    }

    private mutating func add(
        _ names: [String], to path: WritableKeyPath<AuthenticationRules, [String]>
    ) {
        for name in names where !self[keyPath: path].contains(name) {
            self[keyPath: path].append(name)
        }
    }

    private mutating func addClaims(of names: [String]) {
        for name in names where name.hasPrefix("claims.") {
            guard let place = ClaimPlace(String(name.dropFirst("claims.".count))),
                !self.claimPlaces.contains(place)
            else { continue }
            self.claimPlaces.append(place)
        }
    }
}

/// The templates of a route, looked through for what they say of the caller.
enum RouteTemplates {
    /// The identity names that a route's templates use, each once, in order.
    static func names(of route: RouteConfig, _ document: ConfigDocument) -> [String] {
        var texts: [String] = []
        for edit in [route.requestHeaders, route.responseHeaders] {
            texts += (edit.set + edit.add).map(\.value)
            texts += edit.map.flatMap { $0.values.map(\.value) }
        }
        texts += (route.query.set + route.query.add + route.cookies.set).map(\.value)
        texts += [route.rewrite?.path, route.rewrite?.prefix, route.rewrite?.addPrefix]
            .compactMap { $0 }
        texts += [route.redirect?.path, route.redirect?.prefix].compactMap { $0 }
        texts += (route.respond?.headers ?? []).map(\.value)
        let found = texts.flatMap(self.names(in:)) + self.limitNames(of: route, document)
        var names: [String] = []
        for name in found where !names.contains(name) { names.append(name) }
        return names
    }

    /// What the keys of its limits ask of the caller.
    private static func limitNames(
        of route: RouteConfig, _ document: ConfigDocument
    ) -> [String] {
        route.rateLimits.flatMap { use in
            document.rateLimits.first { $0.name == use.limit }?.key?.captureNames ?? []
        }.filter(IdentityName.isIdentity)
    }

    static func names(in text: String) -> [String] {
        guard let pieces = try? ValueTemplatePiece.split(text) else { return [] }
        return pieces.compactMap { piece in
            guard case .capture(let name) = piece, IdentityName.isIdentity(name) else {
                return nil
            }
            return name
        }
    }
}
