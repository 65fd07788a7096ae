import MartletHTTP

extension CORSConfig {
    private static let record = Record(
        "`cors`", "Which pages of other origins may use a route from a browser.",
        fields: [
            Field(
                "origins", \.origins, originsKind,
                """
                `https://app.example.com`, `https://*.example.com` for one or more labels in front, \
                or `"*"` for every page there is.
                """, isRequired: true),
            Field(
                "methods", \.methods,
                .oneOrMany(
                    .text("a method such as `GET`", encode: { .string($0) }, parse: NameText.method)
                ),
                """
                Methods that pages may use.
                """),
            Field(
                "headers", \.headers, headersKind,
                """
                Fields that pages may set, beside those that need no permission; `"*"` for any.
                """),
            Field(
                "expose", \.expose,
                .oneOrMany(.text("a header name", parse: NameText.header)),
                """
                Fields of answers that pages may read, beside those that need no permission.
                """),
            Field(
                "credentials", \.$credentials, .boolean(unsafe: true),
                """
                Whether cookies and the like may be sent along; not with `"*"`.
                """),
            Field(
                "max-age", \.maxAge, .duration(0...ValueKind<Duration>.day),
                """
                How long a browser may remember what it was told.
                """),
            Field(
                "private-network", \.$privateNetwork, .boolean(unsafe: true),
                """
                Whether pages of the Internet may use this in a private network.
                """),
        ],
        initial: { CORSConfig() },
        check: { node, cors, decoder in
            cors.source = node.location
            cors.check(node, &decoder)
        })

    /// Short form: the origins.
    static let kind: ValueKind<CORSConfig> = {
        let short = originsKind.map { origins in
            var cors = CORSConfig()
            cors.origins = origins
            return cors
        }
        return ValueKind.either(
            short,
            when: { node in
                if case .mapping = node.value { false } else { true }
            }, otherwise: record.kind)
    }()

    private static let originsKind = ValueKind<Origins>.either(
        ValueKind<Origins>.choice([("*", .any)]), when: { $0.scalar?.text == "*" },
        otherwise: ValueKind<[String]>.oneOrMany(
            .text("an origin such as `https://app.example.com`", parse: parseOrigin)
        ).map { .listed($0) })

    private static let headersKind = ValueKind<Headers>.either(
        ValueKind<Headers>.choice([("*", .any)]), when: { $0.scalar?.text == "*" },
        otherwise: ValueKind<[String]>.oneOrMany(.text("a header name", parse: NameText.header))
            .map { .listed($0) })

    private static func parseOrigin(_ text: String) throws(TextProblem) -> String {
        let shown = ConfigNode.quote(text)
        let problem: OriginPattern.Problem
        do throws(OriginPattern.Problem) {
            _ = try OriginPattern(parsing: text)
            return text
        } catch { problem = error }
        switch problem {
        case .null:
            throw TextProblem(
                "`null` is the origin of every sandboxed or local page",
                hint: "serve the page from an origin of its own")
        case .noScheme: throw TextProblem("\(shown) has no scheme", hint: "write `https://\(text)`")
        case .noHost: throw TextProblem("\(shown) has no host")
        case .upperCase:
            throw TextProblem(
                "browsers write origins in lower case, found \(shown)",
                hint: "write `\(text.lowercased())`")
        case .hasPath:
            throw TextProblem(
                "an origin is a scheme, a host and a port; \(shown) has more",
                hint: "write `https://host`")
        case .defaultPort:
            throw TextProblem("browsers leave this port out of \(shown)", hint: "leave it out")
        case .malformedPort:
            throw TextProblem("the port of \(shown) is not a number from 1 to 65535")
        case .wildcard:
            throw TextProblem(
                "\(shown): `*` stands for whole labels in front of a domain of two labels or more",
                hint: "write `https://*.example.com`")
        case .malformedHost: throw TextProblem("the host of \(shown) is malformed")
        }
    }

    private func check(_ node: ConfigNode, _ decoder: inout ConfigDecoder) {
        guard let origins = node["origins"] else { return }
        if self.credentials {
            if self.origins == .any {
                decoder.add(
                    at: origins,
                    "every page on the Internet could act with the credentials of your users",
                    hint: "list the origins, or leave `credentials` out")
            }
            if self.headers == .any, let headers = node["headers"] {
                decoder.add(
                    at: headers, "with `credentials` a browser does not take `*` for any header",
                    hint: "list the headers")
            }
            if self.expose.contains("*"), let expose = node["expose"] {
                decoder.add(
                    at: expose, "with `credentials` a browser does not take `*` for any header",
                    hint: "list the headers")
            }
            if case .listed(let texts) = self.origins, self.$credentials.exception == nil {
                self.warn(texts, origins, &decoder)
            }
        }
        if self.privateNetwork, self.$privateNetwork.exception == nil, self.origins == .any {
            decoder.add(
                .warning, at: origins,
                "every page on the Internet may use what is in your private network",
                hint: "list the origins")
        }
    }

    private func warn(
        _ texts: [String], _ node: ConfigNode, _ decoder: inout ConfigDecoder
    ) {
        let patterns = texts.compactMap { try? OriginPattern(parsing: $0) }
        if patterns.contains(where: \.isWildcard) {
            decoder.add(
                .warning, at: node,
                "who gets a page onto one of these subdomains acts with your users' credentials",
                hint: "list the origins one by one")
        }
        let isLocal = { (text: String) in
            ["http://localhost", "http://127.0.0.1", "http://[::1]"].contains {
                text == $0 || text.hasPrefix("\($0):")
            }
        }
        if texts.contains(where: { $0.hasPrefix("http://") && !isLocal($0) }) {
            decoder.add(
                .warning, at: node,
                "anyone on the network can put a page into an origin of plain HTTP",
                hint: "serve the page by `https://`")
        }
    }
}
