import MartletConfig

/// A configuration that uses every key there is.
enum FullConfig {
    /// Loads a text with the files that it names.
    static func load(_ text: String = Self.text) throws -> ConfigLoadResult {
        let folder = try TemporaryFolder()
        for name in [
            "a.pem", "a.key", "clients.pem", "authority.pem", "own.pem", "own.key", "jwks.json",
        ] {
            try folder.write("content of \(name)\n", to: "certificates/\(name)")
        }
        try folder.write("{}\n", to: "schemas/a.json")
        try folder.write(
            "- http://10.0.0.1\n- { url: http://10.0.0.2, zone: a }\n", to: "found.yaml")
        return ConfigLoader.load(
            text: text, file: "martlet.yaml", environment: [:], directory: folder.path)
    }

    /// Of the hash of an API key.
    static let digits = String(repeating: "0a", count: 32)

    static let text = """
        include: []
        workers:   3
        held-body-memory: 64MiB
        load-shedding: { loop-delay: 80ms, memory: 1GiB }
        drain: {grace: 2s, deadline: 1m30s}
        abuse-detection: { action: report, threshold: 50, decay: 5m, block-for: 1h,
                           by: [address, consumer], exempt: 10.0.0.0/8, max-tracked: 5000,
                           scores: { not-found: 1, method-not-allowed: 3, malformed: 4, invalid: 5,
                                     wrong-credentials: 6, forbidden: 7, rate-limited: 8,
                                     injection: 9, bot: 10, reported: 11, slow: 12,
                                     upstream-unauthorized: 13, upstream-not-found: 14 } }
        limits: { max-connections: 10, max-header-count: 50 }
        timeouts: { idle: 20s }
        egress: { allow: [10.1.0.0/16, { value: "fd00::/8", reason: a test, until: 2026-12-31 }] }
        listeners:
            public: :8080   # short form
            internal:
                address: "[::1]:8081"
                limits: { max-connections: 20, max-request-line: 4KiB, max-header: 16KiB,
                          max-body: 1GiB, max-requests-per-connection: 7, min-body-rate: 1KB,
                          http2: { max-concurrent-streams: 5, stream-window: 65535B,
                                   connection-window: 1MiB, max-resets: 6,
                                   max-control-frames: 70, max-window-updates: 800,
                                   max-empty-frames: 9, max-continuations: 10 } }
                timeouts: { request-head: 3s, body-grace: 0s, write-stall: 250ms,
                            tls-handshake: 4s, half-closed: 5s }
                trusted-proxies: [10.0.0.0/8, "::1"]
                client-address-from: header:X-Real-IP
                authentication: keys
                request-id: { accept: false, respond: false }
                expose-internals: true
                abuse-detection: false
                protocols: http/1.1
                tls:
                    certificates:
                        - { certificate: certificates/a.pem, key: certificates/a.key }
                    min-version: 1.3
                    client-certificates: { mode: optional, ca: certificates/clients.pem,
                                           forward: client-cert }
                    hsts: { max-age: 17520h, include-subdomains: true, preload: true }
            redirecting: { address: ":80", https-redirect: { port: 8443, status: 301 } }
            raw:
                address: ":7000"
                tcp: { upstream: orders, server-names: { name: a.example.com, upstream: pair } }
        upstreams:
            orders: http://127.0.0.1:9001
            pair: [http://a.internal, "http://[::1]:9002/"]
            # the long form
            customers:
                endpoints: [http://127.0.0.1:9101, { url: "https://127.0.0.1:9102", weight: 3 }]
                tls: { ca: certificates/authority.pem, server-name: Orders.internal,
                       client-certificate: certificates/own.pem,
                       client-key: certificates/own.key, min-version: 1.3, alpn: http/1.1,
                       insecure: false }
                balancing: round-robin
                timeouts: { connect: 250ms, tls-handshake: 350ms, response: 5s, stream-idle: 6s,
                            keep-alive: 7s, websocket-idle: 9s, queue: 8s }
                max-connections: 9
                max-pending: 0
                max-response-header: 1MiB
                resolve-interval: 1h
                min-ttl: 2s
                max-ttl: 1m
                egress: { allow: 192.168.0.1 }
            ring:
                endpoints:
                    - http://127.0.0.1:9201
                    - { url: "http://127.0.0.1:9202", priority: 2, region: eu, zone: eu-2 }
                balancing: { algorithm: consistent-hash, bounded-load: 125,
                             hash-on: [header:X-User, cookie:session, query:user, capture:id,
                                       client-address],
                             overprovisioning: 150, panic-threshold: 20 }
            fast:
                endpoints: http://127.0.0.1:9301
                balancing: { algorithm: peak-ewma, latency-decay: 5s, failure-latency: 2s,
                             sticky: { cookie: home, secret: 0123456789abcdef, max-age: 1h },
                             slow-start: { window: 1m, minimum: 5 } }
                max-requests: 50
                max-retries: 3
                retries: { attempts: 4, on: [connect-failure, timeout], statuses: [502, 503],
                           unsafe: true, backoff-start: 10ms, backoff-max: 500ms,
                           max-retry-after: 1s, try-timeout: 700ms,
                           max-replay-body: 1KiB }
                adaptive-concurrency: { start: 30, min: 2, max: 300, tolerance: 200,
                                        probe-interval: 30s }
                retry-budget: { percent: 10, min-retries: 5, window: 20s }
                circuit-breaker: { window: 30s, min-calls: 50, failures: 40, slow-after: 1s,
                                   slow-calls: 60, open: 3s, max-open: 40s, probes: 2 }
                endpoint-circuit-breaker: {}
                health-check: { type: http, path: "/healthz?full=1", host: health.internal,
                                headers: { X-Check: yes }, port: 9302,
                                expect: { status: [200, 204-206], headers: { X-State: up },
                                          body: fine },
                                interval: 3s, unhealthy-interval: 1s, timeout: 500ms,
                                jitter: 20, healthy-after: 3, unhealthy-after: 4,
                                initially: healthy }
                outlier-ejection: { consecutive-failures: 7, interval: 20s, duration: 40s,
                                    max-duration: 10m, max-ejected: 30,
                                    success-rate: { min-requests: 30, min-endpoints: 4,
                                                    difference: 6 },
                                    latency: { min-requests: 40, min-endpoints: 2, factor: 250,
                                               difference: 20ms } }
            called:
                endpoints: [h2c://127.0.0.1:9401, h2c://127.0.0.1:9402]
                hedging: { after: 30ms }
                health-check: { type: grpc, service: orders.Orders }
            found:
                hedging: { percentile: 90, min-delay: 2ms, min-samples: 50 }
                endpoints: [{ url: "http://a.internal", each-address: true },
                            { service: "h2c://_orders._tcp.internal", region: eu },
                            { file: found.yaml }]
        regions:
            home: 10.0.0.0/8
            office: [192.0.2.0/24, "2001:db8::/32"]
        rate-limits:
            all: 1000/1s
            each:
                key: "{header.x-tenant | client.network}/{route}"
                max-keys: 5000
                windows:
                    - { name: burst, limit: 10, per: 1m30s, burst: 20, algorithm: token-bucket }
                    - { limit: 100, per: 1h, algorithm: sliding-window }
                    - { limit: 1000, per: month, time-zone: "-03:30" }
                concurrency: 7
                bandwidth: { response: 1MiB, request: 2MiB, burst: 3MiB }
        routes:
        - name: orders
          rate-limits: [all, { name: each, weight: 5 }]
          ip-filter: { allow: 10.0.0.0/8, deny: [10.1.0.0/16] }
          cors: { origins: ["https://a.example", "https://*.example.com"], methods: [GET, PUT],
                  headers: X-Token, expose: [ETag], credentials: false, max-age: 1h,
                  private-network: true }
          listeners: [public, internal]
          priority: -5
          match:
            host: [API.example.com, "*.example.org", "[::1]"]
            path: ["/v1/{id:int}/{rest*}", "/v2/{id}/{rest*}"]
            methods: [GET, PURGE]
            headers:
              X-Version: 2
              x-debug: { present: true }
              x-old: { present: false }
              x-a: { prefix: b }
              x-b: { suffix: b }
              x-c: [a, b]
              x-d: { contains: b }
              x-e: { equals: b }
              x-f: { one-of: [c] }
            query: { version: "2" }
            cookies: { beta: "1" }
            content-type: [application/json, text/*]
            region: office
          upstream: orders
          rewrite: "/orders/{id}/{rest}"
          headers:
            request: { remove: [X-A, "x-internal-*"], rename: { x-old: X-New },
                       set: { x-tenant: "{id} {{x}" }, add: { x-b: "1" },
                       map: { x-plan: { free: basic } } }
            response: { remove: server, keep: [via], rename: { a: b },
                        set: { c: d }, add: { e: f }, map: { g: { h: i } } }
          query: { remove: [a], rename: { b: c }, set: { d: "{id}" }, add: { e: f },
                   map: { g: { h: i } } }
          cookies: { remove: [a], rename: { b: c }, set: { d: e } }
          host: upstream
          forwarded: { client: mask, x-forwarded: false, rfc7239: true }
          timeouts: { response: 10s, total: 20s }
          retries: off
          fallback: { upstream: called, respond: 204, statuses: [503], unsafe: true }
          importance: low
          maintenance: { on: false, retry-after: 10m, allow: 10.9.0.0/16, respond: 503 }
          fault: { status: 503, status-share: 0.5, delay: 100ms, delay-share: 1 }
          version: { deprecated: 2026-01-31, sunset: "2026-06-30T12:00:00Z", successor: /v2,
                     documentation: "https://docs.example.com/v2" }
          release: { name: next, canary: fast, steps: [1, 5.5, 50], hold: 5m,
                     cohort: [consumer, header:X-User, client-address],
                     gate: { window: 2s, min-requests: 70, error-tolerance: 10,
                             error-difference: 0.25, latency-tolerance: 30, latency: false } }
          mirror: { name: copies, upstream: fast, share: 2.5, unsafe: true, max-body: 2KiB,
                    max-in-flight: 8, timeout: 3s, headers: [X-Total], ignore: [/at, "/**/id"],
                    show-values: true }
          websocket: false
          abuse-score: 30
          limits: { max-body: 2GiB, max-held-body: 2MiB }
          bots: { action: report, threshold: 6, allow: [good-bot], deny: [bad-bot],
                  signs: [scanner, no-accept] }
          validate:
            action: report
            methods: [POST, PUT]
            content-types: [application/json, text/*]
            headers:
              X-Tenant: { required: true, repeatable: true, type: text, pattern: "^[a-z]+$",
                          min-length: 1, max-length: 20, one-of: [a, b] }
            query:
              allow-unknown: true
              parameters:
                limit: { type: integer, minimum: 1, maximum: 100 }
                id: { format: uuid }
            body:
              required: false
              max-size: 64KiB
              schema: { type: object, properties: { name: { maxLength: 3, minimum: 1.5 } } }
              references: file:schemas/a.json
              formats: false
              status: 400
              json: { max-depth: 5, max-nodes: 100, max-members: 10 }
              xml: { max-depth: 6 }
          inspect:
            action: report
            threshold: 7
            strict: true
            body: false
            max-values: 500
            exceptions:
              - { parameter: comment*, part: json, rules: [sql-statement], until: 2026-12-31,
                  reason: developers write about code }
          allow: [encoded-slash, encoded-backslash, encoded-controls, double-encoding, invalid-utf8]
          delay: 150ms
          authentication: tokens
          access:
            - { methods: [GET], consumers: [acme], groups: [partner], scopes: [orders:read] }
            - { deny-consumers: guest, deny-groups: [banned] }
          external-authorization: { url: "http://127.0.0.1:9300/check", timeout: 2s,
                                    headers: [X-Token], response-headers: [X-User], cache: 5s,
                                    on-failure: allow }
          branches:
            - { consumers: acme, groups: [gold], claims: { tier: [beta, gamma] }, upstream: pair }
        - match: { prefix: [/old, /older] }
          upstream: customers
          rewrite: { prefix: /new }
          host: some.host:81
          forwarded: replace
          release: { split: { upstream: ring, share: 12.25 }, among: { region: home } }
        - match: { prefix: /strip }
          upstream: pair
          rewrite: { strip-prefix: /strip, add-prefix: /base }
          release: { canary: called, share: 20,
                     always: [{ headers: { X-Build: next }, query: { b: [x, y] } },
                              { cookies: { b: x }, region: [home, office], consumers: acme }] }
        - match: { path: /x/{id} , methods: GET }
          redirect: "https://New.example.com:8443/x/{id}"
        - match: { path: "/x/{id}", methods: GET }
          redirect: { status: 308, scheme: https, host: new.example.com, port: 8443,
                      path: "/y/{id}", query: drop }
        - match: { prefix: /p }
          redirect: { prefix: /q, query: keep }
        - match: { path: /teapot }
          respond: { status: 418, headers: { Content-Type: text/plain }, body: "short {and} stout" }
        - respond: 204
        locality: { region: eu, zone: eu-1 }
        admin: { address: "127.0.0.1:0", enabled: true }
        telemetry:
          access-log: { destination: /var/log/martlet.log, format: common, max-buffered: 1MiB }
          log: { level: debug, format: text }
          metrics: { max-series: 500 }
        authentication:
          key-secret: 0123456789abcdef0123456789abcdef
          realm: orders
          resource-metadata: https://api.example.com/.well-known/oauth-protected-resource
          default: keys
          cached-credentials: 100
          identity-headers: { X-Consumer: "{consumer.name} {claims.tenant}" }
          protected-resource:
            resource: https://api.example.com/v2
            authorization-servers: https://id.example.com
            scopes: [orders:read]
            name: Orders
            documentation: https://docs.example.com
          logins:
            staff:
              issuer: corp
              client-id: web
              client-secret: something
              authorization-endpoint: https://id.example.com/authorize
              token-endpoint: https://id.example.com/token
              end-session-endpoint: https://id.example.com/leave
              scopes: [openid, email]
              path: /
              origin: https://app.example.com
              after-logout: /bye
              timeout: 3s
              session: { secret: 0123456789abcdef0123456789abcdef,
                         previous-secret: fedcba9876543210fedcba9876543210, cookie: staff,
                         lifetime: 1h, secure: false }
          lockout: { attempts: 3, decay: 5m, by: address, max-tracked: 1000 }
          policies:
            keys: [api-key, client-certificate]
            tokens:
              methods:
                - jwt: { issuers: [corp], header: X-Token, forward: false }
                - jwt: { cookie: token }
                - api-key: { header: X-Key, query: key, cookie: key, authorization: true,
                             forward: true }
                - basic: { forward: true }
                - signature: { covered: ["@method", "@path", date], max-age: 1m,
                               require-digest: true }
                - session: { login: staff, forward: true }
                - hmac: { header: X-Sig, prefix: "v1=", encoding: base64url, key-header: X-Key,
                          signed: "{method}{target}{timestamp}{body}", timestamp: X-Time,
                          max-age: 2m, once: false, forward: false }
                - hmac: { header: X-Sig, pairs: { signature: v1, timestamp: t }, key: key-2,
                          signed: "{timestamp}.{body}" }
              require: any
              anonymous: { value: guest, until: 2026-12-31, reason: clients are moved }
          issuers:
            corp:
              issuer: https://id.example.com
              jwks-url: https://id.example.com/jwks
              algorithms: [RS256, ES256]
              audiences: orders
              type: at+jwt
              leeway: 10s
              max-age: 1h
              require-expiry: true
              claims: { team: [a, b], verified: { present: true } }
              subject-claim: client_id
              scope-claims: scope
              group-claim: /realm_access/roles
              consumer: guest
              refresh-interval: 10m
              fetch-timeout: 2s
              unknown-key-interval: 30s
            filed: { issuer: filed, audiences: orders, jwks-file: certificates/jwks.json }
            opaque:
              issuer: opaque
              audiences: orders
              introspection: { url: "https://id.example.com/introspect", client-id: martlet,
                               client-secret: hidden, cache: 30s }
            shared: { issuer: shared, audiences: orders,
                      secret: 0123456789abcdef0123456789abcdef }
        consumers:
          acme:
            groups: [partner, gold]
            metadata: { plan: large }
            api-keys:
              - { name: mk_1, hash: "hmac-sha256:\(Self.digits)",
                  scopes: [orders:read],
                  not-before: 2026-01-01, expires: 2027-01-31T12:00:00Z }
            passwords: { user: Aladdin, hash: "$2b$12$aaa", scopes: orders:read }
            subjects: { issuer: corp, subject: robot }
            certificates: ["dns:client.example.com"]
            signing-keys:
              - { id: key-1, algorithm: ed25519, jwk-file: certificates/jwks.json, scopes: a }
              - { id: key-2, secret: 0123456789abcdef0123456789abcdef }
          guest: {}

        """.replacing("path: /x/{id} ,", with: "path: \"/x/{id}\" ,")
}
