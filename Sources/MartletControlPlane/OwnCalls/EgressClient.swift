import AsyncHTTPClient
import MartletDataPlane
package import MartletHTTP
import NIOCore
import NIOHTTP1

/// Makes the calls that Martlet makes by itself, and none to where it must not go.
///
/// A name is looked up here, all of its addresses are checked, and exactly a checked one is
/// dialled: the client below is told the address and never asks for the name. No redirect is
/// followed.
/// There is a client for each destination, and destinations come from the configuration alone.
package actor EgressClient {
    /// One destination's client, which dials one address.
    private struct Entry {
        let client: HTTPClient
        /// All that the name may stand for; the first is dialled.
        var addresses: [String]
        var checked: ContinuousClock.Instant
    }

    private let resolver: NameResolver
    private var rule: EgressRule
    private var entries: [CallDestination: Entry] = [:]
    private var lookUps: [CallDestination: Task<LookUp, Never>] = [:]
    /// For numeric hosts: whoever wrote the address has allowed it.
    private let direct: HTTPClient
    private var isStopped = false

    private typealias LookUp = Result<[String], EgressFailure>

    /// How long a name is not looked up again.
    private static let checkedFor = Duration.seconds(10)
    /// Calls under way at a client that is not used any more may end in this time.
    private static let grace = Duration.seconds(60)

    package init(rule: EgressRule, resolver: NameResolver = NameResolver()) {
        self.rule = rule
        self.resolver = resolver
        self.direct = Self.client(dnsOverride: [:])
    }

    private static func client(dnsOverride: [String: String]) -> HTTPClient {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        // A redirect could lead anywhere, with the secret.
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.idleTimeout = .seconds(20)
        configuration.dnsOverride = dnsOverride
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Takes up a new configuration: every name is checked anew.
    package func update(rule: EgressRule) {
        self.rule = rule
        for destination in self.entries.keys {
            self.entries[destination]?.checked = .now - Self.checkedFor
        }
    }

    package func stop() async {
        self.isStopped = true
        for entry in self.entries.values { try? await entry.client.shutdown() }
        self.entries = [:]
        try? await self.direct.shutdown()
    }

    // MARK: Calls

    /// Looks up, calls, and reads the answer, all within `time`.
    ///
    /// - `bytesMax`: of the body.
    /// - Throws: `OwnCallFailure`, or what the client says.
    func fetch(
        _ request: HTTPClientRequest, within time: Duration, bytesMax: Int
    ) async throws -> OwnCallAnswer {
        try await Self.within(time) {
            try await self.call(request) { response in
                let body = try await response.body.collect(upTo: bytesMax)
                return OwnCallAnswer(
                    status: response.status.code, headers: response.headers,
                    body: Array(body.readableBytesView))
            }
        }
    }

    /// Looks up and calls, all within `time`; the answer's head is all that counts.
    ///
    /// What comes of its body is dropped: up to `bytesMax`, in the same time once more, so that
    /// the connection can be used again.
    func fetchHead(
        _ request: HTTPClientRequest, within time: Duration, bytesMax: Int
    ) async throws -> OwnCallAnswer {
        try await Self.within(time) {
            try await self.call(request) { response in
                let body = response.body
                Task {
                    try? await Self.within(time) { _ = try await body.collect(upTo: bytesMax) }
                }
                return OwnCallAnswer(
                    status: response.status.code, headers: response.headers, body: [])
            }
        }
    }

    private func call(
        _ request: HTTPClientRequest,
        _ read: @Sendable (HTTPClientResponse) async throws -> OwnCallAnswer
    ) async throws -> OwnCallAnswer {
        guard let destination = CallDestination(url: request.url) else {
            throw OwnCallFailure.notAURL
        }
        let client = try await self.client(for: destination)
        do {
            return try await read(
                try await client.execute(request, deadline: .now() + .hours(1)))
        } catch {
            self.failed(destination)
            throw error
        }
    }

    private static func within<Answer: Sendable>(
        _ time: Duration, _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: time)
                throw OwnCallFailure.tooLate
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw OwnCallFailure.tooLate }
            return answer
        }
    }

    private func client(for destination: CallDestination) async throws -> HTTPClient {
        guard !self.isStopped else { throw OwnCallFailure.stopped }
        guard !destination.isNumeric else { return self.direct }
        if let entry = self.entries[destination], entry.checked + Self.checkedFor > .now {
            return entry.client
        }
        switch await self.lookUp(destination) {
        case .success(let addresses): return try self.take(addresses, destination)
        // An outage of DNS is no reason to lose a server that works.
        case .failure(.notResolved):
            guard let entry = self.entries[destination] else {
                throw OwnCallFailure.notResolved(destination.host)
            }
            return entry.client
        case .failure(.prohibited(let refused)):
            self.retire(destination)
            throw OwnCallFailure.prohibited(
                destination.host, refused.map { "\($0.text) (\($0.scope.name))" })
        }
    }

    /// Everybody who asks meanwhile waits for the same look-up.
    private func lookUp(_ destination: CallDestination) async -> LookUp {
        if let known = self.lookUps[destination] { return await known.value }
        let (resolver, rule) = (self.resolver, self.rule)
        let task = Task { () -> LookUp in
            do throws(EgressFailure) {
                // As written above, where the client has to find it; in lower case for the rule.
                let found = try await resolver.addresses(
                    of: destination.host.lowercased(), port: destination.port, egress: rule)
                return .success(found.compactMap(\.ipAddress))
            } catch {
                return .failure(error)
            }
        }
        self.lookUps[destination] = task
        let result = await task.value
        self.lookUps[destination] = nil
        return result
    }

    private func take(
        _ addresses: [String], _ destination: CallDestination
    ) throws(OwnCallFailure) -> HTTPClient {
        if let entry = self.entries[destination], let dialled = entry.addresses.first,
            addresses.contains(dialled)
        {
            self.entries[destination]?.checked = .now
            self.entries[destination]?.addresses =
                [dialled] + addresses.filter { $0 != dialled }
            return entry.client
        }
        guard let address = addresses.first, !self.isStopped else {
            throw .notResolved(destination.host)
        }
        self.retire(destination)
        let client = Self.client(dnsOverride: [destination.host: address])
        self.entries[destination] = Entry(client: client, addresses: addresses, checked: .now)
        return client
    }

    /// The next call goes to the next address of the name, if it has several.
    private func failed(_ destination: CallDestination) {
        guard let entry = self.entries[destination], entry.addresses.count > 1 else { return }
        self.retire(destination)
        let addresses = Array(entry.addresses.dropFirst() + entry.addresses.prefix(1))
        self.entries[destination] = Entry(
            client: Self.client(dnsOverride: [destination.host: addresses[0]]),
            addresses: addresses, checked: entry.checked)
    }

    private func retire(_ destination: CallDestination) {
        guard let entry = self.entries.removeValue(forKey: destination) else { return }
        Task {
            try? await Task.sleep(for: Self.grace)
            try? await entry.client.shutdown()
        }
    }
}
