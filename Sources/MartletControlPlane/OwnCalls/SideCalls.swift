package import MartletDataPlane
import MartletSecurity
import NIOPosix

/// Does what workers must not do: checks passwords on threads of its own, has keys fetched, and
/// asks issuers.
///
/// Bounded by `passwordsMax`: more waiting passwords than that are refused at once.
package final class SideCalls: SideCallService {
    private let refresher: KeySetRefresher
    private let client: EgressClient
    private let logins: LoginService
    private let threads: NIOThreadPool
    private let gate = PasswordGate()

    /// Threads that check passwords: few, so that a flood of logins leaves the rest to traffic.
    private static let threadCount = 2

    package init(refresher: KeySetRefresher, client: EgressClient, logins: LoginService) {
        self.refresher = refresher
        self.client = client
        self.logins = logins
        self.threads = NIOThreadPool(numberOfThreads: Self.threadCount)
        self.threads.start()
    }

    package func start(
        _ call: SideCall, answer: @escaping @Sendable (SideCallAnswer) -> Void
    ) {
        switch call {
        case .verifyPassword(let hash, let password):
            guard self.gate.enter() else { return answer(.failed) }
            self.threads.submit { state in
                defer { self.gate.leave() }
                guard state == .active else { return answer(.failed) }
                answer(hash.verifies(password) ? .yes : .no)
            }
        case .introspect(let plan, let token):
            let introspector = Introspector(client: self.client)
            Task { answer(await introspector.introspect(plan, token: token)) }
        case .authorise(let plan, let fields):
            let authoriser = ExternalAuthoriser(client: self.client)
            Task { answer(await authoriser.authorise(plan, fields: fields)) }
        case .logIn(let step):
            let logins = self.logins
            Task { answer(await logins.take(step)) }
        case .fetchKeys(let issuer):
            let refresher = self.refresher
            Task {
                let isFetched = await refresher.fetchForRequest(issuer)
                answer(isFetched ? .yes : .failed)
            }
        }
    }

    package func stop() async {
        try? await self.threads.shutdownGracefully()
    }
}
