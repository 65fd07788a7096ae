import MartletConfig
import MartletDataPlane

/// A dry run's report as a page of text.
struct ExplanationText {
    /// Candidates shown whose host or path differs; more are counted only.
    private static let strangersMax = 10

    private let report: DryRunReport
    private let composed: ComposedRequest
    private let plan: Plan
    private(set) var text = ""

    init(_ report: DryRunReport, _ composed: ComposedRequest, _ plan: Plan) {
        self.report = report
        self.composed = composed
        self.plan = plan
        self.writeRequest()
        if let routing = report.routing { self.writeRouting(routing) }
        self.writeSteps()
        self.writeOutcome()
    }

    private mutating func writeRequest() {
        self.title("request")
        self.line("\(self.composed.method) \(self.composed.url)")
        guard let request = self.report.request else {
            self.line("cannot be read")
            return
        }
        self.line("listener  \(self.report.listener)")
        self.line("client    \(request.client)")
        self.line("host      \(request.host.isEmpty ? "(none)" : request.host)")
        self.line("path      \(request.path)")
        if let query = request.query { self.line("query     \(query)") }
    }

    // MARK: Routing

    private mutating func writeRouting(_ routing: RouteExplanation) {
        self.title("routes, in the order in which they are tried")
        var strangers = 0
        for (index, candidate) in routing.candidates.enumerated() {
            if let failure = candidate.failure,
                failure.hasPrefix("the path is not ")
                    || failure.hasPrefix("the host is not ")
            {
                strangers += 1
                guard strangers <= Self.strangersMax else { continue }
            }
            self.line(
                "\(index == routing.winner ? "*" : " ") \(candidate.name)  "
                    + "\(candidate.host) \(candidate.path)")
            self.line("    " + Self.verdict(on: candidate, at: index, routing))
        }
        if strangers > Self.strangersMax {
            self.line("  and \(strangers - Self.strangersMax) more with another host or path")
        }
        switch routing.match.outcome {
        case .route: break
        case .notFound: self.line("no route fits")
        case .methodNotAllowed: self.line("a route fits, but for the method")
        }
        guard !routing.captures.isEmpty else { return }
        self.title("captures")
        for capture in routing.captures { self.line("\(capture.name) = \(capture.value)") }
    }

    private static func verdict(
        on candidate: RouteExplanation.Candidate, at index: Int, _ routing: RouteExplanation
    ) -> String {
        if let failure = candidate.failure { return failure }
        guard index == routing.winner else { return "fits too, but comes later" }
        return routing.reason.map { "taken: \($0)" } ?? "taken: no other route fits"
    }

    // MARK: Steps

    private mutating func writeSteps() {
        guard !self.report.steps.isEmpty else { return }
        self.title("steps")
        for step in self.report.steps {
            if step.isReply {
                self.line("\(step.name): answers the request")
            } else if step.removed.isEmpty, step.added.isEmpty, !step.details.isEmpty {
                self.line(step.name)
            } else if step.waitMilliseconds > 0 {
                self.line("\(step.name): waits, \(step.waitMilliseconds) ms at most")
            } else if step.removed.isEmpty, step.added.isEmpty {
                self.line("\(step.name): changes nothing")
            } else {
                self.line("\(step.name)")
            }
            for line in step.details { self.line("  \(line)") }
            if step.wantsBody { self.line("  waits for the whole body and looks at it") }
            for line in step.removed { self.line("  - \(line)") }
            for line in step.added { self.line("  + \(line)") }
        }
    }

    private mutating func writeOutcome() {
        switch self.report.outcome {
        case .forwarded(let upstream, let endpoints, let head):
            self.title("sent to upstream \(upstream)")
            for endpoint in endpoints {
                let weight = endpoints.count > 1 ? "  weight \(endpoint.weight)" : ""
                self.line("\(endpoint.url)\(weight)")
            }
            for line in self.report.traffic { self.line(line) }
            self.line("")
            self.writeMessage(head)
            if self.report.hasBody { self.line("(the body follows)") }
            self.writeResponseSteps()
        case .answered(let status, let error, let reply):
            self.title("answered by Martlet: \(status)\(error.map { " (\($0))" } ?? "")")
            self.writeMessage(reply)
        }
    }

    private mutating func writeResponseSteps() {
        guard !self.report.responseSteps.isEmpty else { return }
        self.title("on the way back")
        let index = self.report.routing.map { Int($0.match.route) } ?? 0
        let edits = self.plan.document.routes[index].responseHeaders
        for name in self.report.responseSteps {
            guard name != "version" else {
                self.line("version: tells of its schedule")
                continue
            }
            self.line(
                name == "response-banner"
                    ? "\(name): \(HeaderEditText.banner(edits))"
                    : "\(name): \(HeaderEditText.edits(edits))")
        }
    }

    private mutating func writeMessage(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0.isNewline }
        let end = lines.lastIndex { !$0.isEmpty } ?? lines.startIndex
        for line in lines[...end] { self.line(String(line)) }
    }

    // MARK: Lines

    private mutating func title(_ text: String) {
        self.text += self.text.isEmpty ? "\(text)\n" : "\n\(text)\n"
    }

    private mutating func line(_ text: String) {
        self.text += text.isEmpty ? "\n" : "  \(text)\n"
    }
}
