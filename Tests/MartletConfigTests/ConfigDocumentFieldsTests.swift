import MartletConfig
import Testing

/// Every key is read to where it belongs.
@Suite struct ConfigDocumentFieldsTests {
    let document: ConfigDocument

    init() throws {
        let result = try FullConfig.load()
        let printed = DiagnosticPrinter(sources: result.sources).text(result.errors)
        #expect(printed == "")
        self.document = try #require(result.document)
    }

    @Test func everyKeyIsUsed() {
        for path in ConfigSchema.keyPaths() where !path.contains("body.file") {
            let key = path.split(separator: ".").last ?? ""
            #expect(FullConfig.text.contains("\(key):"), "\(path)")
        }
    }

    @Test func root() {
        #expect(self.document.workers == 3)
        #expect(self.document.drain.grace == .seconds(2))
        #expect(self.document.drain.deadline == .seconds(90))
        #expect(self.document.admin.address == SocketAddressConfig(host: "127.0.0.1", port: 0))
        #expect(self.document.admin.enabled)
        #expect(self.document.telemetry.accessLog.destination == .file("/var/log/martlet.log"))
        #expect(self.document.telemetry.accessLog.format == .common)
        #expect(self.document.telemetry.accessLog.maxBufferedBytes == 1 << 20)
        #expect(self.document.telemetry.processLog.level == .debug)
        #expect(self.document.telemetry.processLog.format == .text)
        #expect(self.document.telemetry.metrics.maxSeries == 500)
    }

    @Test func abuseDetection() throws {
        let detection = try #require(self.document.abuseDetection)
        #expect(detection.action == .report && detection.threshold == 50)
        #expect(detection.decay == .seconds(300) && detection.blockFor == .seconds(3600))
        #expect(detection.keys == [.address, .consumer] && detection.exempt == ["10.0.0.0/8"])
        #expect(detection.maxTracked == 5000)
        let scores = detection.scores
        #expect(scores.notFound == 1 && scores.methodNotAllowed == 3 && scores.malformed == 4)
        #expect(scores.invalid == 5 && scores.wrongCredentials == 6 && scores.forbidden == 7)
        #expect(scores.rateLimited == 8 && scores.injection == 9 && scores.bot == 10)
        #expect(scores.reported == 11 && scores.slow == 12)
        #expect(scores.upstreamUnauthorized == 13 && scores.upstreamNotFound == 14)
        #expect(self.document.routes[0].abuseScore == 30)
        #expect(self.document.listeners.map(\.detectsAbuse) == [true, false, true, true])
    }

    @Test func authentication() throws {
        let authentication = self.document.authentication
        #expect(authentication.keySecret?.text == "0123456789abcdef0123456789abcdef")
        #expect(authentication.realm == "orders")
        #expect(authentication.defaultPolicy == "keys")
        #expect(authentication.cachedCredentials == 100)
        #expect(
            authentication.identityHeaders == [
                HeaderValueConfig(name: "x-consumer", value: "{consumer.name} {claims.tenant}")
            ])
        let lockout = try #require(authentication.lockout)
        #expect(lockout.attempts == 3 && lockout.decay == .seconds(300))
        #expect(lockout.keys == [.address] && lockout.maxTracked == 1000)
        #expect(authentication.policies[0].methods.count == 2)
        #expect(authentication.policies[0].methods[1] == .clientCertificate)
        let tokens = authentication.policies[1]
        #expect(tokens.requirement == .any && tokens.anonymous == "guest")
        guard case .jwt(let jwt) = tokens.methods[0], case .jwt(let other) = tokens.methods[1],
            case .apiKey(let key) = tokens.methods[2], case .basic(let basic) = tokens.methods[3]
        else { throw Unexpected() }
        #expect(jwt.issuers == ["corp"] && jwt.header == "x-token" && !jwt.forwards)
        #expect(other.cookie == "token" && other.forwards)
        #expect(
            key.places == [.header("x-key"), .query("key"), .cookie("key"), .authorization])
        #expect(key.forwards && basic.forwards)
        guard case .signature(let signature) = tokens.methods[4] else { throw Unexpected() }
        #expect(signature.covered == ["@method", "@path", "date"])
        #expect(signature.maxAge == .seconds(60) && signature.requiresDigest)
        guard case .hmac(let code) = tokens.methods[6], case .hmac(let paired) = tokens.methods[7]
        else { throw Unexpected() }
        #expect(code.header == "x-sig" && code.prefix == "v1=" && code.encoding == .base64url)
        #expect(code.signed == "{method}{target}{timestamp}{body}" && code.timestamp == "x-time")
        #expect(code.maxAge == .seconds(120) && code.keyHeader == "x-key" && code.key == nil)
        #expect(code.once == false && !code.isTakenOnce && !code.forwards && code.hasTimestamp)
        #expect(paired.pairs?.signature == "v1" && paired.pairs?.timestamp == "t")
        #expect(paired.key == "key-2" && paired.isTakenOnce && paired.forwards)
    }

    private struct Unexpected: Error {}

    @Test func issuers() throws {
        let issuer = self.document.authentication.issuers[0]
        #expect(issuer.name == "corp" && issuer.issuer == "https://id.example.com")
        #expect(issuer.keys == .url("https://id.example.com/jwks"))
        #expect(issuer.algorithms == ["RS256", "ES256"] && issuer.audiences == ["orders"])
        #expect(issuer.type == "at+jwt" && issuer.requiresExpiry)
        #expect(issuer.leeway == .seconds(10) && issuer.maxAge == .seconds(3600))
        #expect(
            issuer.claims == [
                ClaimRuleConfig(place: "team", values: ["a", "b"]),
                ClaimRuleConfig(place: "verified", values: []),
            ])
        #expect(issuer.subjectClaim == "client_id" && issuer.scopeClaims == ["scope"])
        #expect(issuer.groupClaim == "/realm_access/roles" && issuer.consumer == "guest")
        #expect(issuer.refreshInterval == .seconds(600) && issuer.fetchTimeout == .seconds(2))
        #expect(issuer.unknownKeyInterval == .seconds(30))
    }

    @Test func consumers() throws {
        let acme = self.document.consumers[0]
        #expect(acme.name == "acme" && acme.groups == ["partner", "gold"])
        #expect(acme.metadata == [HeaderValueConfig(name: "plan", value: "large")])
        let key = try #require(acme.apiKeys.first)
        #expect(key.name == "mk_1" && key.scopes == ["orders:read"])
        #expect(key.hash == "hmac-sha256:\(FullConfig.digits)")
        #expect(key.notBefore == 1_767_225_600 && key.expires == 1_801_396_800)
        #expect(acme.passwords.first?.user == "Aladdin")
        #expect(acme.subjects.first?.subject == "robot")
        #expect(acme.signingKeys.map(\.identifier) == ["key-1", "key-2"])
        #expect(acme.signingKeys[0].algorithm == "ed25519" && acme.signingKeys[0].scopes == ["a"])
        #expect(acme.certificates == ["dns:client.example.com"])
    }

    @Test func callersOfARoute() {
        let route = self.document.routes[0]
        #expect(route.authentication == .named("tokens"))
        #expect(route.access.count == 2 && route.access[0].scopes == ["orders:read"])
        #expect(route.access[1].deniedConsumers == ["guest"])
        #expect(route.branches.first?.upstream == "pair")
        let external = route.externalAuthorization
        #expect(external?.url == "http://127.0.0.1:9300/check")
        #expect(external?.headers == ["x-token"] && external?.responseHeaders == ["x-user"])
        #expect(external?.timeout == .seconds(2) && external?.cache == .seconds(5))
        #expect(external?.onFailure == .allow)
        #expect(
            route.branches.first?.claims
                == [ClaimRuleConfig(place: "tier", values: ["beta", "gamma"])])
    }

    @Test func listeners() throws {
        let short = try #require(self.document.listeners.first)
        #expect(short.name == "public")
        #expect(short.source == SourceLocation(file: "martlet.yaml", line: 16, column: 5))
        #expect(short.address == SocketAddressConfig(host: "0.0.0.0", port: 8080))
        #expect(short.limits.maxConnections == 10)
        #expect(short.limits.maxHeaderCount == 50)
        #expect(short.timeouts.idle == .seconds(20))
        #expect(short.requestID.accept && short.requestID.respond && !short.exposeInternals)

        let long = self.document.listeners[1]
        #expect(long.address == SocketAddressConfig(host: "::1", port: 8081))
        #expect(long.limits.maxConnections == 20)
        #expect(long.limits.maxRequestLineBytes == 4096)
        #expect(long.limits.maxHeaderBytes == 16384)
        #expect(long.limits.maxHeaderCount == 50, "from the main limits")
        #expect(long.limits.maxBodyBytes == 1 << 30)
        #expect(long.limits.maxRequestsPerConnection == 7)
        #expect(long.limits.minBodyBytesPerSecond == 1000)
        #expect(long.timeouts.requestHead == .seconds(3))
        #expect(long.timeouts.bodyGrace == .zero)
        #expect(long.timeouts.writeStall == .milliseconds(250))
        #expect(long.timeouts.tlsHandshake == .seconds(4))
        #expect(long.timeouts.halfClosed == .seconds(5))
        #expect(long.timeouts.idle == .seconds(20), "from the main timeouts")
        #expect(long.trustedProxies == ["10.0.0.0/8", "::1"])
        #expect(long.clientAddressFrom == .header("x-real-ip"))
        #expect(long.authentication == .named("keys"))
        #expect(short.clientAddressFrom == nil && short.authentication == .inherited)
        #expect(!long.requestID.accept && !long.requestID.respond && long.exposeInternals)
    }

    @Test func egress() {
        #expect(self.document.egress.allow == ["10.1.0.0/16", "fd00::/8"])
        #expect(self.document.egress.$allow.map(\.exception?.reason) == [nil, "a test"])
        #expect(
            self.document.upstreams.map(\.egress.allow)
                == [[], [], ["192.168.0.1"], [], [], [], []])
    }

    @Test func admission() throws {
        let route = self.document.routes[0]
        let filter = try #require(route.ipFilter)
        #expect(filter.allow == ["10.0.0.0/8"] && filter.deny == ["10.1.0.0/16"])
        let cors = try #require(route.cors)
        #expect(cors.origins == .listed(["https://a.example", "https://*.example.com"]))
        #expect(cors.methods == ["GET", "PUT"] && cors.headers == .listed(["x-token"]))
        #expect(cors.expose == ["etag"] && !cors.credentials && cors.privateNetwork)
        #expect(cors.maxAge == .seconds(3600))
        #expect(self.document.routes[1].cors == nil && self.document.routes[1].ipFilter == nil)
    }

    @Test func rateLimits() throws {
        #expect(self.document.rateLimits.map(\.name) == ["all", "each"])
        let all = self.document.rateLimits[0]
        #expect(all.key == nil && all.windows.map(\.limit) == [1000])
        #expect(all.windows[0].period == .duration(.seconds(1)))
        #expect(all.policyName(ofWindow: 0) == "all")
        let each = self.document.rateLimits[1]
        #expect(
            each.key?.pieces == [
                .firstOf([.header("x-tenant"), .clientNetwork]), .literal("/"), .firstOf([.route]),
            ])
        #expect(each.maxKeys == 5000 && each.concurrency == 7)
        #expect(each.windows.map(\.burst) == [20, nil, nil])
        #expect(each.windows.map(\.algorithm) == [.tokenBucket, .slidingWindow, .tokenBucket])
        #expect(each.windows[2].period == .calendar(.month))
        #expect(each.windows[2].utcOffset == -12_600)
        #expect((0..<3).map(each.policyName) == ["burst", "each-1h", "each-month"])
        #expect(each.bandwidth?.response == 1 << 20 && each.bandwidth?.request == 2 << 20)
        #expect(each.bandwidth?.burst == 3 << 20)
        let uses = self.document.routes[0].rateLimits
        #expect(uses.map(\.limit) == ["all", "each"] && uses.map(\.weight) == [1, 5])
    }

    @Test func listenersWithTLS() throws {
        #expect(self.document.listeners[0].tls == nil)
        #expect(self.document.listeners[0].timeouts.tlsHandshake == .seconds(10))
        let listener = self.document.listeners[1]
        #expect(listener.protocols == [.http1])
        let tls = try #require(listener.tls)
        #expect(tls.certificates.map(\.certificate.text) == ["content of a.pem"])
        #expect(tls.certificates[0].certificate.shown == "`certificates/a.pem`")
        #expect(tls.certificates.map(\.key.text) == ["content of a.key"])
        #expect(tls.minVersion == .tls13)
        let clients = try #require(tls.clientCertificates)
        #expect(clients.mode == .optional && clients.forward == .clientCert)
        #expect(clients.authorities.text == "content of clients.pem")
        let hsts = try #require(tls.hsts)
        #expect(hsts.maxAge == .seconds(63_072_000) && hsts.includesSubdomains && hsts.preload)
        let redirect = try #require(self.document.listeners[2].httpsRedirect)
        #expect(redirect.port == 8443 && redirect.status == 301)
    }

    @Test func upstreamsWithTLS() throws {
        let customers = self.document.upstreams[2]
        #expect(customers.endpoints.map(\.isSecure) == [false, true])
        #expect(customers.tls.authorities?.text == "content of authority.pem")
        #expect(customers.tls.serverName == "orders.internal")
        #expect(customers.tls.certificate?.certificate.text == "content of own.pem")
        #expect(customers.tls.certificate?.key.text == "content of own.key")
        #expect(customers.tls.minVersion == .tls13 && customers.tls.protocols == [.http1])
        #expect(!customers.tls.isInsecure)
        #expect(self.document.upstreams[0].tls == UpstreamTLSConfig())
    }

    @Test func upstreams() throws {
        let names = ["orders", "pair", "customers", "ring", "fast", "called", "found"]
        #expect(self.document.upstreams.map(\.name) == names)
        let (orders, pair) = (self.document.upstreams[0], self.document.upstreams[1])
        #expect(orders.endpoints.map(\.host) == ["127.0.0.1"])
        #expect(orders.endpoints.map(\.port) == [9001])
        #expect(orders.endpoints[0].source.line == 46)
        #expect(pair.endpoints.map(\.host) == ["a.internal", "::1"])
        #expect(pair.endpoints.map(\.port) == [80, 9002])
        let customers = self.document.upstreams[2]
        #expect(customers.endpoints.map(\.weight) == [1, 3])
        #expect(customers.balancing == BalancingConfig())
        #expect(customers.timeouts.connect == .milliseconds(250))
        #expect(customers.timeouts.tlsHandshake == .milliseconds(350))
        #expect(customers.timeouts.response == .seconds(5))
        #expect(customers.timeouts.streamIdle == .seconds(6))
        #expect(customers.timeouts.keepAlive == .seconds(7))
        #expect(customers.timeouts.queue == .seconds(8))
        #expect(customers.maxConnections == 9)
        #expect(customers.maxPending == 0)
        #expect(customers.maxResponseHeaderBytes == 1 << 20)
        #expect(customers.resolveInterval == .seconds(3600))
        #expect(customers.ttlMin == .seconds(2) && customers.ttlMax == .seconds(60))
        #expect(orders.resolveInterval == nil)
        #expect(orders.ttlMin == .seconds(5) && orders.ttlMax == .seconds(300))
    }

    @Test func regions() throws {
        #expect(self.document.regions.map(\.name) == ["home", "office"])
        #expect(self.document.regions[1].blocks == ["192.0.2.0/24", "2001:db8::/32"])
        #expect(self.document.routes[1].release?.among.map(\.regions) == [["home"]])
        let always = try #require(self.document.routes[2].release?.always)
        #expect(always.count == 2 && always[0].headers.map(\.name) == ["x-build"])
        #expect(always[0].query.map(\.test) == [.oneOf(["x", "y"])])
        #expect(always[1].regions == ["home", "office"] && always[1].cookies.count == 1)
        #expect(always[1].consumers == ["acme"] && always[0].consumers.isEmpty)
        #expect(self.document.routes[0].match.regions == ["office"])
    }

    @Test func hedging() throws {
        let fixed = try #require(self.document.upstreams[5].hedging)
        #expect(fixed.after == .milliseconds(30))
        let unusual = try #require(self.document.upstreams[6].hedging)
        #expect(unusual.after == nil && unusual.percentile == 90)
        #expect(unusual.delayMin == .milliseconds(2) && unusual.sampleCountMin == 50)
        #expect(self.document.upstreams[0].hedging == nil)
    }

    @Test func endpointsThatStandForSeveral() {
        let found = self.document.upstreams[6].endpoints
        #expect(
            found.map(\.host) == ["a.internal", "_orders._tcp.internal", "10.0.0.1", "10.0.0.2"])
        #expect(found.map(\.isEachAddress) == [true, false, false, false])
        #expect(found.map(\.isService) == [false, true, false, false])
        #expect(found.map(\.isFromFile) == [false, false, true, true])
        #expect(found[1].isHTTP2 && found[1].locality.region == "eu")
        #expect(found[3].locality.zone == "a" && found[3].source.file == "found.yaml")
    }

    @Test func protection() throws {
        let route = self.document.routes[0]
        #expect(self.document.heldBodyBytesMax == 64 << 20)
        #expect(route.maxHeldBodyBytes == 2 << 20)
        let validation = try #require(route.validation)
        #expect(validation.action == .report && validation.methods == ["POST", "PUT"])
        #expect(validation.contentTypes == ["application/json", "text/*"])
        let tenant = validation.headers[0]
        #expect(tenant.name == "x-tenant" && tenant.isRequired && tenant.isRepeatable)
        #expect(tenant.pattern == "^[a-z]+$" && tenant.oneOf == ["a", "b"])
        #expect(tenant.minLength == 1 && tenant.maxLength == 20)
        let query = try #require(validation.query)
        #expect(query.allowsUnknown && query.parameters.map(\.name) == ["limit", "id"])
        #expect(query.parameters[0].type == .integer && query.parameters[0].minimum == 1)
        #expect(query.parameters[0].maximum == 100 && query.parameters[1].format == "uuid")
        let body = try #require(validation.body)
        #expect(!body.isRequired && body.maxBytes == 64 << 10 && !body.checksFormats)
        #expect(body.status == 400 && body.references.map(\.text) == ["{}"])
        #expect(body.json?.maxDepth == 5 && body.json?.maxNodes == 100)
        #expect(body.json?.maxMembers == 10 && body.xml?.maxDepth == 6)
        let inspection = try #require(route.inspection)
        #expect(inspection.action == .report && inspection.threshold == 7 && inspection.isStrict)
        #expect(!inspection.body && inspection.maxValues == 500)
        let exception = inspection.exceptions[0]
        #expect(exception.parameter == "comment*" && exception.part == "json")
        #expect(exception.rules == ["sql-statement"] && exception.exception.end == 1_798_761_600)
        let bots = try #require(route.bots)
        #expect(bots.action == .report && bots.threshold == 6 && bots.allow == ["good-bot"])
        #expect(bots.deny == ["bad-bot"] && bots.signs == ["scanner", "no-accept"])
    }

    @Test func balancing() throws {
        #expect(self.document.locality.region == "eu" && self.document.locality.zone == "eu-1")
        let ring = self.document.upstreams[3]
        #expect(ring.endpoints.map(\.priority) == [0, 2])
        #expect(ring.endpoints[1].locality.region == "eu")
        #expect(ring.endpoints[1].locality.zone == "eu-2")
        #expect(ring.balancing.algorithm == .consistentHash)
        #expect(
            ring.balancing.hashOn == [
                .header("x-user"), .cookie("session"), .query("user"), .capture("id"),
                .clientAddress,
            ])
        #expect(ring.balancing.boundedLoadPercent == 125)
        #expect(ring.balancing.overprovisioningPercent == 150)
        #expect(ring.balancing.panicThresholdPercent == 20)
        let fast = self.document.upstreams[4]
        #expect(fast.balancing.algorithm == .peakEWMA)
        #expect(fast.balancing.latencyDecay == .seconds(5))
        #expect(fast.balancing.failureLatency == .seconds(2))
        #expect(fast.balancing.sticky?.cookie == "home")
        #expect(fast.balancing.sticky?.secret == "0123456789abcdef")
        #expect(fast.balancing.sticky?.maxAge == .seconds(3600))
        #expect(fast.balancing.slowStart?.window == .seconds(60))
        #expect(fast.balancing.slowStart?.minimumPercent == 5)
    }

    @Test func resilience() throws {
        let fast = self.document.upstreams[4]
        #expect(fast.maxRequests == 50 && fast.maxRetries == 3)
        let retries = try #require(fast.retries)
        #expect(retries.attempts == 4)
        #expect(retries.conditions == [.connectFailure, .timeout])
        #expect(retries.statuses == [502, 503])
        #expect(retries.includesUnsafe)
        #expect(retries.backoffStart == .milliseconds(10))
        #expect(retries.backoffMax == .milliseconds(500))
        #expect(retries.retryAfterMax == .seconds(1))
        #expect(retries.tryTimeout == .milliseconds(700))
        #expect(retries.replayBodyBytesMax == 1024)
        #expect(fast.retryBudget.percent == 10)
        #expect(fast.retryBudget.retryCountMin == 5)
        #expect(fast.retryBudget.window == .seconds(20))
        let breaker = try #require(fast.circuitBreaker)
        #expect(breaker.window == .seconds(30) && breaker.callCountMin == 50)
        #expect(breaker.failurePercent == 40 && breaker.slowPercent == 60)
        #expect(breaker.slowAfter == .seconds(1))
        #expect(breaker.open == .seconds(3) && breaker.openMax == .seconds(40))
        #expect(breaker.probes == 2)
        #expect(fast.endpointCircuitBreaker == CircuitBreakerConfig())
        let route = self.document.routes[0]
        #expect(route.totalTimeout == .seconds(20))
        #expect(route.retries?.attempts == 1)
    }

    @Test func health() throws {
        let check = try #require(self.document.upstreams[4].healthCheck)
        #expect(check.kind == .http && check.path == "/healthz?full=1" && check.port == 9302)
        #expect(check.host == "health.internal" && check.initially == .healthy)
        #expect(check.headers == [HeaderValueConfig(name: "x-check", value: "yes")])
        #expect(check.statuses.map(\.text) == ["200", "204-206"])
        #expect(check.expectedHeaders == [HeaderValueConfig(name: "x-state", value: "up")])
        #expect(check.expectedBody == "fine" && check.jitterPercent == 20)
        #expect(check.interval == .seconds(3) && check.unhealthyInterval == .seconds(1))
        #expect(check.timeout == .milliseconds(500))
        #expect(check.passCount == 3 && check.failureCount == 4)
        let called = try #require(self.document.upstreams[5].healthCheck)
        #expect(called.kind == .grpc && called.service == "orders.Orders")
    }

    @Test func outliers() throws {
        let outliers = try #require(self.document.upstreams[4].outlierEjection)
        #expect(outliers.consecutiveFailures == 7 && outliers.ejectedPercentMax == 30)
        #expect(outliers.interval == .seconds(20) && outliers.duration == .seconds(40))
        #expect(outliers.durationMax == .seconds(600))
        #expect(outliers.successRate?.requestCountMin == 30)
        #expect(outliers.successRate?.endpointCountMin == 4)
        #expect(outliers.successRate?.differencePercent == 6)
        #expect(outliers.latency?.requestCountMin == 40)
        #expect(outliers.latency?.endpointCountMin == 2)
        #expect(outliers.latency?.factorPercent == 250)
        #expect(outliers.latency?.differenceMin == .milliseconds(20))
    }

    @Test func releases() throws {
        let release = try #require(self.document.routes[0].release)
        #expect(release.name == "next" && release.canary == "fast" && release.share == nil)
        #expect(release.steps == [100, 550, 5000] && release.hold == .seconds(300))
        #expect(release.cohort == [.consumer, .header("x-user"), .clientAddress])
        #expect(release.gate.window == .seconds(2) && release.gate.requestCountMin == 70)
        #expect(release.gate.errorTolerancePercent == 10)
        #expect(release.gate.errorDifferenceMin == 25)
        #expect(release.gate.latencyTolerancePercent == 30 && !release.gate.comparesLatency)
        let split = try #require(self.document.routes[1].release)
        #expect(split.split.map(\.upstream) == ["ring"] && split.split[0].share == 1225)
        #expect(split.canary == nil && split.cohort == [.clientAddress])
        #expect(self.document.routes[2].release?.share == 2000)
    }

    @Test func fallbackAndMaintenance() throws {
        let fallback = try #require(self.document.routes[0].fallback)
        #expect(fallback.upstream == "called" && fallback.respond?.status == 204)
        #expect(fallback.statuses == [503] && fallback.includesUnsafe)
        let maintenance = try #require(self.document.routes[0].maintenance)
        #expect(!maintenance.isOn && maintenance.retryAfter == .seconds(600))
        #expect(maintenance.allow == ["10.9.0.0/16"] && maintenance.respond?.status == 503)
    }

    @Test func overload() throws {
        let shedding = try #require(self.document.loadShedding)
        #expect(shedding.loopDelay == .milliseconds(80) && shedding.memoryBytesMax == 1 << 30)
        #expect(self.document.routes[0].importance == .low)
        #expect(self.document.routes[1].importance == .normal)
        let adaptive = try #require(self.document.upstreams[4].adaptiveConcurrency)
        #expect(adaptive.start == 30 && adaptive.min == 2 && adaptive.max == 300)
        #expect(adaptive.tolerancePercent == 200 && adaptive.probeInterval == .seconds(30))
    }

    @Test func mirror() throws {
        let mirror = try #require(self.document.routes[0].mirror)
        #expect(mirror.name == "copies" && mirror.upstream == "fast" && mirror.share == 250)
        #expect(mirror.includesUnsafe && mirror.showsValues && mirror.bodyBytesMax == 2048)
        #expect(mirror.inFlightMax == 8 && mirror.timeout == .seconds(3))
        #expect(mirror.headers == ["x-total"] && mirror.ignore == ["/at", "/**/id"])
    }

    @Test func fault() throws {
        let fault = try #require(self.document.routes[0].fault)
        #expect(fault.status == 503 && fault.statusShare == 50)
        #expect(fault.delay == .milliseconds(100) && fault.delayShare == 100)
    }

    @Test func version() throws {
        let version = try #require(self.document.routes[0].version)
        #expect(version.deprecated == 1_769_817_600)
        #expect(version.sunset == 1_782_820_800)
        #expect(version.successor == "/v2")
        #expect(version.documentation == "https://docs.example.com/v2")
    }

    @Test func routeMatch() {
        let route = self.document.routes[0]
        #expect(route.name == "orders" && route.priority == -5)
        #expect(route.listeners == ["public", "internal"])
        #expect(route.match.hosts == ["api.example.com", "*.example.org", "[::1]"])
        #expect(route.match.paths.map(\.text) == ["/v1/{id:int}/{rest*}", "/v2/{id}/{rest*}"])
        #expect(route.match.paths.allSatisfy { $0.kind == .template })
        #expect(route.match.methods == ["GET", "PURGE"])
        #expect(route.match.contentTypes == ["application/json", "text/*"])
        #expect(
            route.match.headers == [
                FieldMatchConfig(name: "x-version", test: .equals("2")),
                FieldMatchConfig(name: "x-debug", test: .isPresent),
                FieldMatchConfig(name: "x-old", test: .isAbsent),
                FieldMatchConfig(name: "x-a", test: .hasPrefix("b")),
                FieldMatchConfig(name: "x-b", test: .hasSuffix("b")),
                FieldMatchConfig(name: "x-c", test: .oneOf(["a", "b"])),
                FieldMatchConfig(name: "x-d", test: .contains("b")),
                FieldMatchConfig(name: "x-e", test: .equals("b")),
                FieldMatchConfig(name: "x-f", test: .oneOf(["c"])),
            ])
        #expect(route.match.query == [FieldMatchConfig(name: "version", test: .equals("2"))])
        #expect(route.match.cookies == [FieldMatchConfig(name: "beta", test: .equals("1"))])
    }

    @Test func routeEdits() {
        let route = self.document.routes[0]
        let pair = { (name: String, value: String) in HeaderValueConfig(name: name, value: value) }
        #expect(route.requestHeaders.remove == ["x-a", "x-internal-*"])
        #expect(route.requestHeaders.rename == [pair("x-old", "x-new")])
        #expect(route.requestHeaders.set == [pair("x-tenant", "{id} {{x}")])
        #expect(route.requestHeaders.add == [pair("x-b", "1")])
        #expect(
            route.requestHeaders.map
                == [ValueMapConfig(name: "x-plan", values: [pair("free", "basic")])])
        #expect(route.responseHeaders.remove == ["server"])
        #expect(route.responseHeaders.keep == ["via"])
        #expect(route.responseHeaders.rename == [pair("a", "b")])
        #expect(route.responseHeaders.set == [pair("c", "d")])
        #expect(route.responseHeaders.add == [pair("e", "f")])
        #expect(route.responseHeaders.map == [ValueMapConfig(name: "g", values: [pair("h", "i")])])
        #expect(route.query.remove == ["a"] && route.query.rename == [pair("b", "c")])
        #expect(route.query.set == [pair("d", "{id}")] && route.query.add == [pair("e", "f")])
        #expect(route.query.map == [ValueMapConfig(name: "g", values: [pair("h", "i")])])
        #expect(route.cookies.remove == ["a"] && route.cookies.rename == [pair("b", "c")])
        #expect(route.cookies.set == [pair("d", "e")])
        #expect(route.host == .upstream)
        #expect(route.forwarded.client == .mask)
        #expect(!route.forwarded.xForwarded && route.forwarded.rfc7239)
        #expect(route.responseTimeout == .seconds(10))
        #expect(route.maxBodyBytes == 2 << 30)
        #expect(route.allow == PathAllowance.allCases)
    }

    @Test func routeTargets() {
        let routes = self.document.routes
        #expect(routes[0].rewrite?.path == "/orders/{id}/{rest}")
        #expect(routes[1].rewrite?.prefix == "/new")
        #expect(routes[1].match.paths.map(\.kind) == [.prefix, .prefix])
        #expect(routes[1].host == .literal("some.host:81"))
        #expect(routes[1].forwarded.client == .replace && routes[1].forwarded.xForwarded)
        #expect(routes[2].rewrite?.stripPrefix == "/strip")
        #expect(routes[2].rewrite?.addPrefix == "/base")
        #expect(routes[3].redirect?.status == 302)
        #expect(routes[3].redirect?.scheme == "https")
        #expect(routes[3].redirect?.host == "new.example.com")
        #expect(routes[3].redirect?.port == 8443)
        #expect(routes[3].redirect?.path == "/x/{id}")
        #expect(routes[4].redirect?.status == 308)
        #expect(routes[4].redirect?.dropQuery == true)
        #expect(routes[5].redirect?.prefix == "/q")
        #expect(routes[6].respond?.status == 418)
        #expect(
            routes[6].respond?.headers
                == [HeaderValueConfig(name: "content-type", value: "text/plain")])
        #expect(routes[6].respond?.body == "short {and} stout")
        #expect(routes[7].respond?.status == 204)
    }

    @Test func routesWithoutNamesAreNamedByTheirMatch() {
        #expect(
            self.document.routes.map(\.name) == [
                "orders", "/old/*", "/strip/*", "GET /x/{id}", "GET /x/{id}-2", "/p/*", "/teapot",
                "*", "protected-resource",
            ])
    }
}
