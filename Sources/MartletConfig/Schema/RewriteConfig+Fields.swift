extension RewriteConfig {
    private static let record = Record(
        "`rewrite`", "What the upstream sees in place of the client's path.",
        fields: [
            Field(
                "path", \.path, ValueKind<String>.pathTemplate.optional,
                """
                The whole path; the query is kept. Captures are written `{name}`.
                """),
            Field(
                "prefix", \.prefix, ValueKind<String>.pathTemplate.optional,
                """
                Replaces the part that `match.prefix` matched.
                """),
            Field(
                "strip-prefix", \.stripPrefix, ValueKind<String>.literalPath.optional,
                """
                Whole segments taken off the front, if they are there.
                """),
            Field(
                "add-prefix", \.addPrefix, ValueKind<String>.pathTemplate.optional,
                """
                Put in front, after `strip-prefix`.
                """),
        ],
        initial: { RewriteConfig() },
        check: { node, rewrite, decoder in
            rewrite.source = node.location
            let changes = rewrite.stripPrefix != nil || rewrite.addPrefix != nil
            let ways = [rewrite.path != nil, rewrite.prefix != nil, changes].count { $0 }
            guard ways > 1 else { return }
            decoder.add(
                at: node, "`rewrite` says more than one thing",
                hint: "give `path`, or `prefix`, or `strip-prefix` and `add-prefix`")
        })

    /// Short form: the path alone.
    static let kind: ValueKind<RewriteConfig> = {
        let short = ValueKind<RewriteConfig>(ValueKind<String>.pathTemplate.shape) {
            node, decoder in
            var rewrite = RewriteConfig()
            rewrite.source = node.location
            rewrite.path = ValueKind<String>.pathTemplate.decode(node, &decoder)
            return rewrite.path == nil ? nil : rewrite
        }
        return .either(short, when: { $0.scalar != nil }, otherwise: record.kind)
    }()
}

extension RedirectConfig {
    private static let record = Record(
        "`redirect`", "A redirect. Parts that are not given keep the request's.",
        fields: [
            Field(
                "status", \.status, .choiceOfStatus([301, 302, 303, 307, 308]),
                """
                301, 302, 303, 307 or 308.
                """),
            Field("scheme", \.scheme, schemeKind.optional, "`http` or `https`."),
            Field("host", \.host, hostKind.optional, "The new host, without a port."),
            Field("port", \.port, ValueKind<Int>.integer(1...65535).optional, "The new port."),
            Field(
                "path", \.path, ValueKind<String>.pathTemplate.optional,
                """
                The whole path. Captures are written `{name}`.
                """),
            Field(
                "prefix", \.prefix, ValueKind<String>.pathTemplate.optional,
                """
                Replaces the part that `match.prefix` matched.
                """),
            Field(
                "query", \.dropQuery, .choice([("keep", false), ("drop", true)]),
                """
                Whether the request's query goes along.
                """),
        ],
        initial: { RedirectConfig() },
        check: { node, redirect, decoder in
            redirect.source = node.location
            if redirect.path != nil, redirect.prefix != nil {
                decoder.add(
                    at: node, "`redirect` has both `path` and `prefix`", hint: "keep one of them")
            }
            let changes =
                redirect.scheme != nil || redirect.host != nil || redirect.port != nil
                || redirect.path != nil || redirect.prefix != nil
            if !changes, case .mapping(let entries) = node.value,
                entries.allSatisfy({ ["status", "query"].contains($0.key) })
            {
                decoder.add(
                    .warning, at: node, "this redirect leads to the same place",
                    hint: "give `scheme`, `host`, `port`, `path` or `prefix`")
            }
        })

    private static let schemeKind = ValueKind<String>.choice([("http", "http"), ("https", "https")])

    private static let hostKind = ValueKind<String>.text(
        "a host such as `new.example.com`", encode: { .string($0) },
        parse: { text throws(TextProblem) in
            let parts = try HostText.split(Substring(text))
            guard parts.port == nil else {
                throw TextProblem(
                    "\(ConfigNode.quote(text)) has a port", hint: "write it under `port`")
            }
            return try HostText.hostValue(text)
        })

    /// Short form: a whole URL, or a path.
    static let kind: ValueKind<RedirectConfig> = {
        let expected = "a URL or path such as `https://new.example.com/x/{id}`"
        let short = ValueKind<RedirectConfig>(.text(expected: expected)) { node, decoder in
            decodeShort(node, expected: expected, &decoder)
        }
        return .either(short, when: { $0.scalar != nil }, otherwise: record.kind)
    }()

    private static func decodeShort(
        _ node: ConfigNode, expected: String, _ decoder: inout ConfigDecoder
    ) -> RedirectConfig? {
        var redirect = RedirectConfig()
        redirect.source = node.location
        var pathNode = node
        let text = node.scalar?.templateText ?? ""
        if !text.hasPrefix("/") {
            do throws(TextProblem) {
                let path = try redirect.readOrigin(of: text)
                var scalar = ConfigNode.Scalar(text: path, templateText: path, isPlain: false)
                scalar.isSecret = node.scalar?.isSecret ?? false
                pathNode.value = .scalar(scalar)
            } catch {
                decoder.add(error, at: node, expected: expected)
                return nil
            }
        }
        guard pathNode.scalar?.text.isEmpty == false else { return redirect }
        redirect.path = ValueKind<String>.pathTemplate.decode(pathNode, &decoder)
        return redirect.path == nil ? nil : redirect
    }

    /// Takes scheme, host and port from a URL and gives the rest.
    private mutating func readOrigin(of text: String) throws(TextProblem) -> String {
        let shown = ConfigNode.quote(text)
        guard let end = text.firstRange(of: "://") else {
            throw TextProblem(
                "\(shown) is neither a URL nor a path", hint: "begin with `https://` or `/`")
        }
        let scheme = text[..<end.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw TextProblem("the scheme of \(shown) is neither `http` nor `https`")
        }
        let rest = text[end.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw TextProblem("a redirect's URL holds no user name or password")
        }
        let parts = try HostText.split(authority)
        self.scheme = scheme
        self.host = try HostText.hostValue(
            parts.host.contains(":") ? "[\(parts.host)]" : parts.host)
        self.port = parts.port
        let path = String(rest.dropFirst(authority.count))
        guard path.isEmpty || path.hasPrefix("/") else {
            throw TextProblem(
                "\(shown): a redirect keeps or drops the request's query, it cannot set one",
                hint: "leave out what follows the path")
        }
        return path
    }
}

extension StaticReplyConfig {
    private static let record = Record(
        "`respond`", "A reply without an upstream.",
        fields: [
            Field("status", \.status, .integer(200...599), "The status, 200–599."),
            Field(
                "headers", \.headers, HeaderEditConfig.valuesKind(isRequest: false),
                """
                Headers by name; `content-length` is made by Martlet.
                """),
            Field(
                "body", \.body, bodyKind,
                """
                The text, as it is; or `{ file: NAME }`.
                """),
        ],
        initial: { StaticReplyConfig() },
        check: { node, reply, decoder in
            guard !reply.body.isEmpty, [204, 205, 304].contains(reply.status) else { return }
            decoder.add(
                at: node, "an answer with status \(reply.status) has no body",
                hint: "leave `body` out, or use status 200")
        })

    /// Short form: the status alone.
    static let kind: ValueKind<StaticReplyConfig> = .either(
        ValueKind<Int>.integer(200...599).map { status in
            var reply = StaticReplyConfig()
            reply.status = status
            return reply
        },
        when: { $0.scalar != nil }, otherwise: record.kind)

    /// Where a body is read from.
    private struct BodyFile: Sendable {
        var node: ConfigNode?
    }

    private static let fileRecord = Record(
        "`body`", "A body that is read from a file when the configuration is loaded.",
        fields: [
            Field<BodyFile>(
                "file", "The file's name; at most 1MiB.",
                shape: .text(expected: "a file name"), isRequired: true,
                apply: { node, file, decoder in
                    if ValueKind<String>.string("a file name").decode(node, &decoder) != nil {
                        file.node = node
                    }
                })
        ],
        initial: { BodyFile() })

    private static let bodyKind: ValueKind<String> = {
        let text = ValueKind<String>.text("a text", parse: { $0 })
        return ValueKind(.either([text.shape, fileRecord.shape])) { node, decoder in
            guard node.scalar == nil else {
                return text.decode(decoder.contents(of: node) ?? node, &decoder)
            }
            guard let file = fileRecord.kind.decode(node, &decoder)?.node,
                let name = file.scalar?.text
            else { return nil }
            return text.decode(decoder.contents(ofFile: name, at: file), &decoder)
        }
    }()
}

extension ValueKind<Int> {
    /// One of a few status codes.
    static func choiceOfStatus(_ statuses: [Int]) -> ValueKind {
        ValueKind<Int>.choice(statuses.map { (String($0), $0) })
    }
}

extension HostConfig {
    static let kind = ValueKind<HostConfig>.text(
        "`preserve`, `upstream` or a host",
        encode: { host in
            switch host {
            case .preserve: .string("preserve")
            case .upstream: .string("upstream")
            case .literal(let text): .string(text)
            }
        },
        parse: { text throws(TextProblem) in
            switch text {
            case "preserve": .preserve
            case "upstream": .upstream
            default: .literal(try HostText.hostValue(text))
            }
        })
}

extension ForwardedConfig {
    static let clientKind = ValueKind<Client>.choice

    static let record = Record(
        "`forwarded`", "What the upstream learns of the client.",
        fields: [
            Field(
                "client", \.client, clientKind,
                """
                `append` to what trusted proxies said, `replace` it, `mask` the address, or `off`.
                """),
            Field(
                "x-forwarded", \.xForwarded, .boolean,
                """
                `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`.
                """),
            Field("rfc7239", \.rfc7239, .boolean, "`Forwarded`, the standard header."),
        ],
        initial: { ForwardedConfig() })

    /// Short form: the word of `client` alone.
    static func decode(
        _ node: ConfigNode, into forwarded: inout ForwardedConfig, _ decoder: inout ConfigDecoder
    ) {
        guard node.scalar != nil else {
            self.record.decode(node, into: &forwarded, &decoder)
            return
        }
        guard let client = self.clientKind.decode(node, &decoder) else { return }
        forwarded.client = client
    }
}
