import MartletConfig
import MartletDataPlane
import MartletTestSupport
import Testing

@Suite struct PlanCompilerTests {
    static let yaml = """
        listeners: { public: { address: ":0", timeouts: { idle: 10s }, limits: { max-body: 5B } } }
        upstreams:
          a: http://127.0.0.1:9001
          b: { endpoints: ["http://[::1]:80", "http://unknown.example:81"], max-connections: 7 }
        routes:
          - { match: { path: [/x, "/y/{id}"] }, upstream: b, timeouts: { response: 2s } }
          - { match: { path: /fixed }, respond: { status: 200, body: hello } }
        """

    @Test func namesBecomeIndicesAndDurationsTicks() throws {
        let plan = try SimulatedWorker.compile(Self.yaml)
        #expect(plan.listeners[0].idleTicks == 10 * WorkerClock.ticksPerSecond)
        #expect(plan.listeners[0].bodyBytesMax == 5)
        #expect(plan.routes.map(\.upstream) == [1, nil])
        #expect(plan.routes[0].responseTicks == 2 * WorkerClock.ticksPerSecond)
        #expect(plan.upstreams[1].connectionCountMax == 7)
    }

    /// What only the compiler finds is told as a sentence, with its place, and once for each thing.
    @Test func errorsOfPoliciesAreSentences() throws {
        let yaml = """
            listeners: { public: ":0" }
            upstreams: { a: http://127.0.0.1:9001 }
            routes:
              - match: { path: ["/x/{id}/{name}", "/y/{name}/{id}"] }
                upstream: a
                fallback: { respond: { status: 503, headers: { x-id: "{id}" } } }
              - match: { path: ["/z", "/w"] }
                upstream: a
                headers: { response: { map: { x-state: { a: "{b}" } } } }
            """
        let document = try ConfigLoader.load(
            text: yaml, file: "martlet.yaml", environment: [:]
        ).get()
        var diagnostics: [Diagnostic] = []
        #expect(throws: InvalidConfig.self) {
            try PlanCompiler.compile(
                document, version: 1, addresses: ResolvedAddresses(), diagnostics: &diagnostics)
        }
        #expect(
            diagnostics.map(\.message) == [
                "the path pattern has no capture `{id}`", "the path pattern has no capture `{b}`",
            ])
        #expect(diagnostics.map(\.location.line) == [6, 7])
    }

    @Test func endpointsAreNamedAsWrittenAndUnknownNamesHaveNoAddress() throws {
        let endpoints = try SimulatedWorker.compile(Self.yaml).upstreams[1].endpoints
        #expect(endpoints.map(\.text) == ["[::1]:80", "unknown.example:81"])
        #expect(
            endpoints.map { String(decoding: $0.hostField, as: UTF8.self) }
                == ["[::1]", "unknown.example:81"])
        #expect(endpoints.map(\.addresses.count) == [1, 0])
    }

    /// Each pattern of a route has a program of its own, since its captures are its own.
    @Test func everyPatternHasItsProgram() throws {
        let plan = try SimulatedWorker.compile(Self.yaml)
        #expect(plan.routes.map(\.firstProgram) == [0, 2])
        #expect(plan.programs.count == 3)
        let kinds = plan.programs.map { program in
            (0..<Int(program.requestSteps.count)).map {
                plan.steps[Int(program.requestSteps.start) + $0].kind
            }
        }
        #expect(kinds == [[.forwarding], [.forwarding], [.staticReply]])
    }

    @Test(arguments: [(10, 3, [4, 3, 3]), (3, 3, [1, 1, 1]), (1, 3, [1, 1, 1]), (0, 2, [1, 1])])
    func limitsAreSharedOut(limit: Int, workerCount: Int, shares: [Int]) {
        let given = (0..<workerCount).map {
            UpstreamPlan.share(of: limit, worker: $0, workerCount: workerCount)
        }
        #expect(given == shares)
    }
}
