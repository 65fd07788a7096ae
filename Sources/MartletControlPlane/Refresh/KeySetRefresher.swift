import AsyncHTTPClient
import Foundation
package import Logging
package import MartletDataPlane
import MartletSecurity
import NIOCore
import NIOHTTP1

/// Fetches issuers' keys in the background: again and again, after failures less and less often,
/// and once in a while because a token names a key that is not known.
///
/// What was fetched last stays in use until something better comes: an issuer that is down, or
/// answers nonsense, changes nothing. One actor in the process; the request path never waits for it
/// but where a token's key is missing.
package actor KeySetRefresher {
    /// One issuer's keys, and how fetching them goes.
    private struct Entry {
        var source: IssuerPlan.KeySource
        var body: [UInt8] = []
        var keys: KeySet?
        var failureCount = 0
        var nextFetch: ContinuousClock.Instant
        var lastFetch: ContinuousClock.Instant?
        /// The fetch under way: who asks meanwhile gets its result.
        var fetch: Task<Bool, Never>?
    }

    private let client: EgressClient
    private let log: Logger
    private var entries: [String: Entry] = [:]
    private var workers: WorkerGroup?
    private var version: UInt64 = 0

    /// How often it is looked at what is due.
    private static let step = Duration.milliseconds(250)
    private static let firstRetry = Duration.seconds(1)

    package init(log: Logger, client: EgressClient) {
        self.log = log
        self.client = client
    }

    /// Takes up the issuers of a plan; those that it had before keep their keys.
    package func update(_ plan: AuthenticationPlan, workers: WorkerGroup) async {
        self.workers = workers
        var entries: [String: Entry] = [:]
        for issuer in plan.issuers {
            guard let source = issuer.source else { continue }
            if let known = self.entries[issuer.name], known.source.url == source.url {
                entries[issuer.name] = known
                entries[issuer.name]?.source = source
            } else {
                entries[issuer.name] = Entry(source: source, nextFetch: .now)
            }
        }
        self.entries = entries
        // A worker whose table was made anew has none of them.
        for (name, entry) in entries {
            guard let keys = entry.keys else { continue }
            try? await workers.publish(keys, issuer: name, url: entry.source.url)
        }
    }

    /// What is known of an issuer's keys; `nil` if they are not fetched, or could not be yet.
    func keys(of name: String) -> KeySet? { self.entries[name]?.keys }

    /// Fetches what is due until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            for (name, entry) in self.entries where entry.nextFetch <= .now && entry.fetch == nil {
                _ = self.begin(name)
            }
            guard (try? await Task.sleep(for: Self.step)) != nil else { break }
        }
    }

    /// Fetches an issuer's keys for a request that waits for it, unless that was done a moment ago.
    ///
    /// - Returns: whether they have been fetched.
    package func fetchForRequest(_ name: String) async -> Bool {
        guard let entry = self.entries[name] else { return false }
        if let fetch = entry.fetch { return await fetch.value }
        if let last = entry.lastFetch, last + entry.source.unknownKeyInterval > .now {
            return false
        }
        return await self.begin(name)?.value ?? false
    }

    private func begin(_ name: String) -> Task<Bool, Never>? {
        guard let source = self.entries[name]?.source else { return nil }
        let task = Task { await self.fetch(name, source) }
        self.entries[name]?.fetch = task
        self.entries[name]?.lastFetch = .now
        return task
    }

    private func fetch(_ name: String, _ source: IssuerPlan.KeySource) async -> Bool {
        let url = source.url
        let result = await self.download(source)
        // The plan may have changed meanwhile: then what another place said is no one's, and how
        // often to ask is as it is said now.
        guard let source = self.entries[name]?.source, source.url == url else { return false }
        self.entries[name]?.fetch = nil
        switch result {
        case .success(let body): return await self.fetched(name, source, body)
        case .failure(let failure):
            self.failed(name, source, reason: failure.reason)
            return false
        }
    }

    private struct Failure: Error {
        let reason: String
    }

    private func download(_ source: IssuerPlan.KeySource) async -> Result<[UInt8], Failure> {
        var request = HTTPClientRequest(url: source.url)
        request.headers.add(name: "accept", value: "application/jwk-set+json, application/json")
        request.headers.add(name: "user-agent", value: "martlet")
        do {
            let answer = try await self.client.fetch(
                request, within: source.timeout, bytesMax: KeySet.byteCountMax)
            guard answer.status == 200 else {
                return .failure(Failure(reason: "status \(answer.status)"))
            }
            return .success(answer.body)
        } catch {
            return .failure(Failure(reason: Self.reason(error)))
        }
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? OwnCallFailure { return error.sentence }
        if let error = error as? HTTPClientError { return error.shortDescription }
        return "\(error)"
    }

    private func fetched(
        _ name: String, _ source: IssuerPlan.KeySource, _ body: [UInt8]
    ) async -> Bool {
        if body == self.entries[name]?.body, self.entries[name]?.keys != nil {
            self.succeeded(name, source)
            return true
        }
        let keys: KeySet
        do throws(KeySet.Refusal) {
            self.version += 1
            keys = try KeySet.parse(body.span, version: self.version)
        } catch {
            self.failed(name, source, reason: error.sentence.description)
            return false
        }
        self.entries[name]?.body = body
        self.entries[name]?.keys = keys
        self.succeeded(name, source)
        try? await self.workers?.publish(keys, issuer: name, url: source.url)
        self.log.info(
            "issuer_keys_changed",
            metadata: [
                "issuer": "\(name)", "keys": .stringConvertible(keys.keys.count),
                "skipped": .stringConvertible(keys.skippedCount),
            ])
        return true
    }

    private func succeeded(_ name: String, _ source: IssuerPlan.KeySource) {
        self.entries[name]?.failureCount = 0
        self.entries[name]?.nextFetch = .now + source.interval
    }

    /// 1 s, 2 s, 4 s … up to the interval, each up to a fifth longer, so that many nodes do not
    /// come at once.
    private func failed(_ name: String, _ source: IssuerPlan.KeySource, reason: String) {
        let count = self.entries[name]?.failureCount ?? 0
        self.entries[name]?.failureCount = count + 1
        let wait = min(Self.firstRetry * (1 << min(count, 12)), source.interval)
        let jitter = wait * Int.random(in: 0...20) / 100
        self.entries[name]?.nextFetch = .now + wait + jitter
        self.log.warning(
            "issuer_keys_not_fetched",
            metadata: [
                "issuer": "\(name)", "reason": "\(reason)",
                "last_good": .stringConvertible(self.entries[name]?.keys != nil),
            ])
    }
}
