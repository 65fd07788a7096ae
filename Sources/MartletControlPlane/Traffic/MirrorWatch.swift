package import Logging
package import MartletDataPlane
import NIOCore
import NIOPosix

/// Sends copies of requests to mirrors, and compares their answers.
///
/// Takes what workers have gathered; keeps what it found over reloads that leave a mirror as it is.
/// Bounded by each mirror's `max-in-flight`, which the workers count.
package actor MirrorWatch {
    private struct Mirror {
        var plan: MirrorPlan
        var endpoints: [EndpointPlan]
        var nextEndpoint = 0
        var status: MirrorStatus
    }

    private static let pollInterval = Duration.milliseconds(100)

    private let workers: WorkerGroup
    private let log: Logger
    private let eventLoops = MultiThreadedEventLoopGroup.singleton
    private var mirrors: [String: Mirror] = [:]
    private var order: [String] = []
    /// By worker and mirror: copies that have ended since the workers were told.
    private var ended: [[String: Int]]

    package init(workers: WorkerGroup, log: Logger) {
        self.workers = workers
        self.log = log
        self.ended = Array(repeating: [:], count: workers.count)
    }

    /// In the order of the configuration.
    var statuses: [MirrorStatus] { self.order.compactMap { self.mirrors[$0]?.status } }

    /// Workers have taken a plan over.
    package func planChanged(_ plan: Plan) {
        let known = self.mirrors
        self.order = plan.mirrors.map(\.name)
        self.mirrors = [:]
        for mirror in plan.mirrors {
            let endpoints = plan.endpoints(of: mirror)
            let before = known[mirror.name].flatMap { $0.plan.isSame(as: mirror) ? $0 : nil }
            self.mirrors[mirror.name] = Mirror(
                plan: mirror, endpoints: endpoints,
                status: before?.status ?? MirrorStatus(mirror))
        }
    }

    /// Sends copies until the task is cancelled.
    package func run() async {
        while (try? await Task.sleep(for: Self.pollInterval)) != nil {
            if !self.mirrors.isEmpty { await self.take() }
        }
    }

    private func take() async {
        let ended = self.ended
        self.ended = Array(repeating: [:], count: ended.count)
        guard let taken = try? await self.workers.takeMirrored(ended: ended) else { return }
        for (worker, harvests) in taken.enumerated() {
            for (name, harvest) in harvests {
                self.mirrors[name]?.status.count(harvest.counts)
                for exchange in harvest.exchanges { self.send(exchange, worker: worker) }
            }
        }
    }

    private func send(_ exchange: MirroredExchange, worker: Int) {
        let name = exchange.plan.name
        guard let mirror = self.mirrors[name], !mirror.endpoints.isEmpty else {
            return self.ended(.failure(.connectFailed), of: exchange, worker: worker)
        }
        let endpoint = mirror.endpoints[mirror.nextEndpoint % mirror.endpoints.count]
        self.mirrors[name]?.nextEndpoint = mirror.nextEndpoint &+ 1
        let eventLoop = self.eventLoops.next()
        Task {
            let result = try? await MirrorCall.send(exchange, to: endpoint, on: eventLoop).get()
            self.ended(result ?? .failure(.connectionLost), of: exchange, worker: worker)
        }
    }

    private func ended(
        _ result: Result<MirrorAnswer, MirrorFailure>, of exchange: MirroredExchange, worker: Int
    ) {
        let name = exchange.plan.name
        self.ended[worker][name, default: 0] += 1
        switch result {
        case .failure(let failure): self.mirrors[name]?.status.count(failure)
        case .success(let answer):
            let differences = MirrorComparison.differences(
                exchange.plan, expected: exchange.answer, found: answer)
            let new = self.mirrors[name]?.status.compared(differences, of: exchange) ?? []
            for difference in new { self.tell(difference, of: exchange) }
        }
    }

    /// Each place once.
    private func tell(_ difference: MirrorDifference, of exchange: MirroredExchange) {
        var metadata: Logger.Metadata = [
            "mirror": "\(exchange.plan.name)", "kind": "\(difference.kind.rawValue)",
            "request_id": "\(exchange.requestID)",
        ]
        if !difference.place.isEmpty { metadata["place"] = "\(difference.place)" }
        self.log.warning("mirror_difference", metadata: metadata)
    }
}
