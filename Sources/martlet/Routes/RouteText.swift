import MartletConfig

/// How a route's parts are shown on one line.
enum RouteText {
    static func target(_ route: RouteConfig) -> String {
        if let redirect = route.redirect { return "redirect \(redirect.status)" }
        if let reply = route.respond { return "respond \(reply.status)" }
        return "upstream \(route.upstream ?? "?")"
    }

    /// Conditions beyond host, path and method.
    static func conditions(_ route: RouteConfig) -> [String] {
        let match = route.match
        var texts = match.headers.map { "header \(self.condition($0))" }
        texts += match.cookies.map { "cookie \(self.condition($0))" }
        texts += match.query.map { "query \(self.condition($0))" }
        if !match.contentTypes.isEmpty {
            texts.append("content type \(match.contentTypes.joined(separator: " or "))")
        }
        if !match.regions.isEmpty {
            texts.append("region \(match.regions.joined(separator: " or "))")
        }
        if !route.listeners.isEmpty {
            texts.append("listener \(route.listeners.joined(separator: " or "))")
        }
        return texts
    }

    private static func condition(_ field: FieldMatchConfig) -> String {
        switch field.test {
        case .equals(let value): "\(field.name) = \(value)"
        case .oneOf(let values): "\(field.name) = \(values.joined(separator: " or "))"
        case .hasPrefix(let value): "\(field.name) begins with \(value)"
        case .hasSuffix(let value): "\(field.name) ends with \(value)"
        case .contains(let value): "\(field.name) contains \(value)"
        case .isPresent: "\(field.name) is present"
        case .isAbsent: "\(field.name) is absent"
        }
    }
}
