package import MartletConfig
package import NIOCore

/// A question to DNS.
package enum NameQuestion: Sendable, Hashable {
    case addresses(String)
    /// SRV records.
    case services(String)

    package var name: String {
        switch self {
        case .addresses(let name), .services(let name): name
        }
    }
}

/// What came of a question.
package enum NameAnswer: Sendable, Equatable {
    case addresses([SocketAddress], ttlSeconds: UInt32)
    case services([ServiceRecord], ttlSeconds: UInt32)
    /// Nothing was found, or nobody answered.
    case failed(reason: String)
}

/// What the upstreams' names stand for, and until when that is believed.
///
/// Owned by the control plane. A name that fails keeps what it stood for last: an outage of DNS is
/// no reason to lose endpoints that work. As large as the configuration has names, and what their
/// SRV records name.
package struct LookedUpNames: Sendable {
    /// How long answers are believed; where two upstreams share a name, the shorter of each.
    private struct Rule: Equatable {
        var fixedNanoseconds: UInt64?
        var nanosecondsMin: UInt64
        var nanosecondsMax: UInt64

        init(_ config: UpstreamConfig) {
            self.fixedNanoseconds = config.resolveInterval.map(WorkerClock.nanoseconds)
            self.nanosecondsMin = WorkerClock.nanoseconds(config.ttlMin)
            self.nanosecondsMax = WorkerClock.nanoseconds(config.ttlMax)
        }

        func nanoseconds(ttlSeconds: UInt32) -> UInt64 {
            let ttl = UInt64(ttlSeconds) * 1_000_000_000
            return self.fixedNanoseconds ?? max(self.nanosecondsMin, min(ttl, self.nanosecondsMax))
        }
    }

    private struct Entry {
        var rules: [Rule]
        var due: UInt64 = 0
        var isFailing = false
    }

    package private(set) var resolved = ResolvedAddresses()
    private var entries: [NameQuestion: Entry] = [:]

    package init() {}

    /// Takes in which names there are: of a document, and of the services found so far.
    package mutating func update(for document: ConfigDocument) {
        var rules: [NameQuestion: [Rule]] = [:]
        for upstream in document.upstreams {
            let rule = Rule(upstream)
            for question in self.questions(of: upstream)
            where rules[question]?.contains(rule) != true {
                rules[question, default: []].append(rule)
            }
        }
        var entries: [NameQuestion: Entry] = [:]
        for (question, rules) in rules {
            var entry = self.entries[question] ?? Entry(rules: rules)
            entry.rules = rules
            entries[question] = entry
        }
        self.entries = entries
        self.resolved.names = self.resolved.names.filter { entries[.addresses($0.key)] != nil }
        self.resolved.services = self.resolved.services.filter {
            entries[.services($0.key)] != nil
        }
    }

    private func questions(of upstream: UpstreamConfig) -> Set<NameQuestion> {
        var questions: Set<NameQuestion> = []
        for endpoint in upstream.endpoints {
            if endpoint.isService {
                questions.insert(.services(endpoint.host))
                for record in self.resolved.services[endpoint.host] ?? [] {
                    questions.insert(.addresses(record.target))
                }
            } else if (try? SocketAddress(ipAddress: endpoint.host, port: 0)) == nil {
                questions.insert(.addresses(endpoint.host))
            }
        }
        return questions
    }

    /// Has every name asked for anew.
    package mutating func expire() {
        for question in self.entries.keys { self.entries[question]?.due = 0 }
    }

    /// What is to be asked now.
    package func due(now: UInt64) -> [NameQuestion] {
        self.entries.filter { $0.value.due <= now }.map(\.key).sorted { $0.name < $1.name }
    }

    /// When there is something to ask next; `nil` without names.
    package var nextDue: UInt64? { self.entries.values.map(\.due).min() }

    package enum OnAnswer: Sendable, Equatable {
        case noted
        /// It failed, and had not before.
        case beganToFail(reason: String)
        /// It had failed before.
        case recovered
    }

    package mutating func answered(
        _ question: NameQuestion, _ answer: NameAnswer, now: UInt64
    ) -> OnAnswer {
        guard var entry = self.entries[question] else { return .noted }
        let wasFailing = entry.isFailing
        let ttlSeconds: UInt32
        switch answer {
        case .addresses(let addresses, let ttl):
            self.resolved.names[question.name] = addresses
            ttlSeconds = ttl
        case .services(let records, let ttl):
            self.resolved.services[question.name] = records
            ttlSeconds = ttl
        case .failed: ttlSeconds = 0
        }
        if case .failed = answer { entry.isFailing = true } else { entry.isFailing = false }
        let wait = entry.rules.map { $0.nanoseconds(ttlSeconds: ttlSeconds) }.min() ?? 0
        entry.due = now &+ wait
        self.entries[question] = entry
        if case .failed(let reason) = answer, !wasFailing { return .beganToFail(reason: reason) }
        return wasFailing && !entry.isFailing ? .recovered : .noted
    }
}
