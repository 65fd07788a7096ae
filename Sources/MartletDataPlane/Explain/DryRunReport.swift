/// What would become of a request, for people: texts and lists, made once.
package struct DryRunReport: Sendable {
    /// The request as the routes see it.
    package struct Request: Sendable, Equatable {
        package var method: String
        package var version: String
        package var authority: String
        package var host: String
        /// After normalisation.
        package var path: String
        /// `nil` without `?`.
        package var query: String?
        /// The real client, after trusted proxies.
        package var client: String
    }

    /// One step and the lines of the head that it changed.
    package struct Step: Sendable, Equatable {
        package var name: String
        package var removed: [String]
        package var added: [String]
        /// What it found out, in words.
        package var details: [String] = []
        /// The step answers the request itself.
        package var isReply: Bool
        /// How long the request may wait here; 0 for steps that are done at once.
        package var waitMilliseconds: UInt64 = 0
        /// The body would be waited for, and looked at too; here there is none to see.
        package var wantsBody = false
    }

    package struct Endpoint: Sendable, Equatable {
        package var address: String
        package var weight: UInt32
        package var isSecure: Bool

        package var url: String { "\(self.isSecure ? "https" : "http")://\(self.address)" }
    }

    package enum Outcome: Sendable, Equatable {
        /// The head as it would be sent to the upstream, for the first of its endpoints.
        case forwarded(upstream: String, endpoints: [Endpoint], head: [UInt8])
        /// The reply, and the error it tells of; `nil` for redirects and fixed answers.
        case answered(status: UInt16, error: String?, reply: [UInt8])
    }

    package var listener: String
    /// `nil` if the head could not be read.
    package var request: Request?
    /// `nil` if it ended before routing.
    package var routing: RouteExplanation?
    package var steps: [Step] = []
    /// What would be done to an answer of the upstream, in order.
    package var responseSteps: [String] = []
    package var outcome: Outcome
    /// How its endpoint is chosen and which tries it has; empty for plain round robin.
    package var traffic: [String] = []
    /// A body would follow the head.
    package var hasBody = false
}
