extension RouteConfig {
    static let record = Record(
        "a route", "Which requests go where, and what is changed on the way.",
        fields: identityFields + policyFields + targetFields + callerFields + protectionFields
            + editFields,
        initial: { RouteConfig() },
        check: { node, route, decoder in
            RouteCheck.check(node, &route, &decoder)
        })

    private static let identityFields: [Field<RouteConfig>] = [
        Field(
            "name", \.name, .text("a name", encode: { _ in nil }, parse: NameText.route),
            """
            For logs, metrics and `explain`; made from the match if it is left out.
            """),
        Field(
            "listeners", \.listeners, .oneOrMany(listenerReference),
            """
            The listeners that have this route; every one if it is left out.
            """),
        Field(
            "match", \.match, RouteMatchConfig.record,
            """
            Which requests; all conditions must hold, within a list one is enough.
            """),
        Field(
            "priority", \.priority, .integer(-1_000_000...1_000_000),
            """
            Higher wins over every other rule of precedence.
            """),
    ]

    private static let policyFields: [Field<RouteConfig>] = [
        Field(
            "ip-filter", \.ipFilter, IPFilterConfig.kind.optional,
            """
            Which client addresses are served: blocks that are allowed, or a mapping.
            """),
        Field(
            "importance", \.importance, .choice,
            """
            When the process is overloaded, requests of `low` importance are refused first, those \
            of `critical` importance never.
            """),
        Field(
            "maintenance", \.maintenance, MaintenanceConfig.kind.optional,
            """
            Takes the route out of service for a while: `true`, `false`, or a mapping.
            """),
        Field(
            "cors", \.cors, CORSConfig.kind.optional,
            """
            Which pages of other origins may use this from a browser: origins, or a mapping.
            """),
        Field(
            "rate-limits", \.rateLimits,
            ValueKind<[RateLimitUseConfig]>.oneOrMany(RateLimitUseConfig.kind).checked {
                uses, node, decoder in
                RateLimitUseConfig.check(uses, node, &decoder)
            },
            """
            The limits that requests are under: names of the main `rate-limits`, or \
            `{ name: …, weight: … }`; up to four.
            """),
    ]

    private static let targetFields: [Field<RouteConfig>] = [
        Field(
            "upstream", \.upstream, upstreamReference.optional,
            """
            Who answers; exactly one of `upstream`, `redirect` and `respond` is given.
            """),
        Field(
            "rewrite", \.rewrite, RewriteConfig.kind.optional,
            """
            What the upstream sees in place of the client's path: a path, or a mapping.
            """),
        Field(
            "redirect", \.redirect, RedirectConfig.kind.optional,
            """
            Sends the client elsewhere: a URL or path, or a mapping.
            """),
        Field(
            "respond", \.respond, StaticReplyConfig.kind.optional,
            """
            Answers without an upstream: a status, or a mapping.
            """),
    ]

    private static let protectionFields: [Field<RouteConfig>] = [
        Field(
            "bots", \.bots, BotFilterConfig.kind.optional,
            """
            Judges a request by its user agent and by the headers that are missing: `block`, \
            `report`, or a mapping.
            """),
        Field(
            "abuse-score", \.abuseScore,
            ValueKind<Int>.integer(1...AbuseScoresConfig.scoreMax).optional,
            """
            Points of `abuse-detection` for whoever asks for this: a trap for those who look for \
            something.
            """),
        Field(
            "validate", \.validation, RequestValidationConfig.record.kind.optional,
            """
            What a request has to look like to reach the upstream.
            """),
        Field(
            "inspect", \.inspection, InspectionConfig.kind.optional,
            """
            Looks for attacks in path, query, headers, cookies and body: `block`, `report`, or a \
            mapping.
            """),
    ]

    private static let callerFields: [Field<RouteConfig>] = [
        Field(
            "authentication", \.$authentication, RouteAuthenticationConfig.kind,
            """
            Who may call: `none`, the name of a policy of `authentication.policies`, or a policy.
            """),
        Field(
            "access", \.access, .oneOrMany(AccessRuleConfig.record.kind),
            """
            What those that are known may do; every rule for the request's method has to hold.
            """),
        Field(
            "external-authorization", \.externalAuthorization,
            ExternalAuthorizationConfig.record.kind.optional,
            """
            Asks another server whether the request may pass.
            """),
        Field(
            "branches", \.branches, .list(BranchConfig.record.kind),
            """
            Other upstreams for some of those that are known; the first that fits is taken.
            """),
    ]

    private static let editFields: [Field<RouteConfig>] = [
        Field(
            "delay", \.delay, ValueKind<Duration>.duration(1...60_000).optional,
            """
            Lets each request wait so long before anything is done about it: for tests of clients, \
            and for mocks.
            """),
        .group(
            "headers", "Header edits.", named: "`headers`",
            [
                Field(
                    "request", \.requestHeaders, HeaderEditConfig.requestRecord,
                    """
                    On the way to the upstream.
                    """),
                Field(
                    "response", \.responseHeaders, HeaderEditConfig.responseRecord,
                    """
                    On the way to the client.
                    """),
            ], initial: { RouteConfig() }),
        Field(
            "query", \.query, QueryEditConfig.record,
            """
            Edits of query parameters: remove, rename, set, add, in that order.
            """),
        Field(
            "cookies", \.cookies, CookieEditConfig.record,
            """
            Edits of request cookies: remove, rename, set, in that order.
            """),
        Field(
            "host", \.host, HostConfig.kind,
            """
            The `Host` that the upstream sees: the client's (`preserve`), the endpoint's \
            (`upstream`), or this one.
            """),
        Field(
            "forwarded", "What the upstream learns of the client: a word, or a mapping.",
            shape: .either([ForwardedConfig.clientKind.shape, ForwardedConfig.record.shape]),
            defaultValue: { ForwardedConfig.clientKind.encode($0.forwarded.client) },
            apply: { node, route, decoder in
                ForwardedConfig.decode(node, into: &route.forwarded, &decoder)
            }),
        .group(
            "timeouts", "Timeouts of this route alone.", named: "a route's `timeouts`",
            [
                Field(
                    "response", \.responseTimeout, ValueKind<Duration>.duration().optional,
                    """
                    In place of the upstream's `timeouts.response`.
                    """),
                Field(
                    "total", \.totalTimeout, ValueKind<Duration>.duration().optional,
                    """
                    From the request's head to the end of its answer, every try included.
                    """),
            ], initial: { RouteConfig() }),
        Field(
            "retries", \.retries, RetryConfig.kind.optional,
            """
            Which failed tries are made again, in place of the upstream's `retries`: `off`, or a \
            mapping.
            """),
        Field(
            "fallback", \.fallback, FallbackConfig.record.kind.optional,
            """
            What a client gets when the upstream does not answer: another upstream's answer, or \
            one of Martlet's own.
            """),
        Field(
            "fault", \.fault, FaultConfig.record.kind.optional,
            """
            Makes some requests fail or wait on purpose, for drills.
            """),
        Field(
            "version", \.version, VersionConfig.record.kind.optional,
            """
            A version of an API that is on its way out: when it is deprecated, and when it ends.
            """),
        Field(
            "release", \.release, ReleaseConfig.record.kind.optional,
            """
            Other upstreams that get a share of this route's users: a canary, or a split.
            """),
        Field(
            "mirror", \.mirror, MirrorConfig.record.kind.optional,
            """
            Sends copies of some requests to another upstream, and compares its answers.
            """),
        .group(
            "limits", "Limits of this route alone.", named: "a route's `limits`",
            [
                Field(
                    "max-body", \.maxBodyBytes, ListenerLimitsConfig.bodyKind.optional,
                    """
                    In place of the listener's `limits.max-body`.
                    """),
                Field(
                    "max-held-body", \.maxHeldBodyBytes, .size(1...(1 << 30)),
                    """
                    Of a body that a policy of the route wants whole before it goes on; a larger \
                    one is answered 413.
                    """),
            ], initial: { RouteConfig() }),
        Field(
            "websocket", \.webSocket, .boolean,
            """
            Whether clients may open WebSockets; if not, their handshake is answered 501.
            """),
        Field(
            "allow", \.$allow, allowances,
            """
            Path spellings that are otherwise refused, because upstreams disagree on them.
            """),
    ]

    private static let listenerReference = reference(to: .listener, "the name of a listener")
    private static let upstreamReference = reference(to: .upstream, "the name of an upstream")

    private static func reference(
        to subject: ConfigDecoder.Subject, _ expected: String
    ) -> ValueKind<String> {
        ValueKind<String>.string(expected).checked { _, node, decoder in
            decoder.refer(to: subject, node)
        }
    }

    private static let allowances = ValueKind<[Excepted<PathAllowance>]>
        .oneOrMany(ValueKind<PathAllowance>.choice.excepted()).checked {
            allowances, node, decoder in
            let unstated = allowances.unstated()
            guard !unstated.isEmpty else { return }
            let names = unstated.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            decoder.add(
                .warning, at: node,
                "\(names): paths spelled so mean different things to different servers",
                hint: ExceptionConfig.hint(
                    "keep it only if the upstream decides about access by the same spelling",
                    or: "…"))
        }
}

extension RouteMatchConfig {
    static let record = Record(
        "`match`", "The conditions of a route.",
        fields: [
            Field(
                "host", \.hosts, .oneOrMany(.matchedHost),
                """
                `api.example.com`, or `*.example.com` for one or more labels in front.
                """),
            pathField(
                "path", .template,
                """
                Exact, or with `{name}`, `{name:int}`, `{name:uuid}` as whole segments, \
                or `{name*}` at the end for the rest.
                """),
            pathField(
                "prefix", .prefix,
                """
                Whole segments: `/v1` matches `/v1` and `/v1/a`, not `/v10`. With `path`, \
                either may match.
                """),
            Field(
                "methods", \.methods,
                .oneOrMany(
                    .text(
                        "a method such as `GET`", parse: NameText.method)),
                "Upper case, such as `GET`."),
        ] + FieldMatchConfig.fields(\.headers, query: \.query, cookies: \.cookies) + [
            Field(
                "content-type", \.contentTypes,
                .oneOrMany(
                    .text(
                        "a media type such as `application/json`", parse: NameText.mediaType)),
                """
                Media types such as `application/json` or `text/*`.
                """),
            Field(
                "region", \.regions, .oneOrMany(RegionConfig.reference),
                """
                Where the client is, by its address behind trusted proxies: names of the main \
                `regions`.
                """),
        ],
        initial: { RouteMatchConfig() })

    private static func pathField(
        _ key: String, _ pathKind: PathPatternConfig.Kind, _ documentation: String
    ) -> Field<RouteMatchConfig> {
        let expected = "a path such as `/v1/orders`"
        let element = ValueKind<PathPatternConfig>(
            .text(expected: expected, pattern: "^/"),
            decode: { node, decoder in
                let kind = ValueKind<String>.text(
                    expected,
                    parse: { text throws(TextProblem) in try Self.check(text, pathKind) })
                return kind.decode(node, &decoder).map { text in
                    var path = PathPatternConfig(
                        kind: pathKind, text: text, source: node.location)
                    path.isSecret = node.scalar?.isSecret ?? false
                    return path
                }
            })
        let kind = ValueKind<[PathPatternConfig]>.oneOrMany(element)
        return Field(
            key, documentation, shape: kind.shape,
            apply: { node, match, decoder in
                match.paths += kind.decode(node, &decoder) ?? []
            })
    }

    private static func check(
        _ text: String, _ kind: PathPatternConfig.Kind
    ) throws(TextProblem) -> String {
        let pattern: PathPattern
        do throws(PathPatternError) {
            pattern = try PathPattern.parse(text)
        } catch {
            throw TextProblem("\(ConfigNode.quote(text)): \(error.message)", hint: error.hint)
        }
        if kind == .prefix, !pattern.captureNames.isEmpty {
            throw TextProblem(
                "\(ConfigNode.quote(text)): a prefix has no captures",
                hint: "write it under `path`, ending with `/{rest*}`")
        }
        return text
    }
}

/// Checks of names of query parameters and cookies.
enum FieldName {
    static func checkParameter(_ name: String) throws(TextProblem) {
        guard !name.isEmpty else { throw TextProblem("a parameter has a name") }
    }

    static func checkCookie(_ name: String) throws(TextProblem) {
        _ = try NameText.token(name, what: "a cookie name")
    }
}
