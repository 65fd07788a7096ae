import Hummingbird
package import Logging
package import MartletConfig
import MartletDataPlane
import MartletTLS
import MartletTelemetry
import NIOCore

/// The operator's listener: health, metrics, status.
///
/// Loopback only, since it knows no callers yet.
package struct AdminServer: Sendable {
    private let address: SocketAddressConfig
    private let controlPlane: ControlPlane
    private let startNanoseconds: UInt64

    package init(
        _ config: AdminConfig, controlPlane: ControlPlane, startNanoseconds: UInt64
    ) {
        self.address = config.address
        self.controlPlane = controlPlane
        self.startNanoseconds = startNanoseconds
    }

    /// Serves until the task is cancelled; calls `onListening` with the bound port.
    package func run(
        log: Logger, onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        // Hummingbird's own lines would mix with ours.
        var quiet = Logger(label: "martlet.admin")
        quiet.logLevel = .critical
        let app = Application(
            router: self.router(),
            configuration: .init(
                address: .hostname(self.address.host, port: self.address.port),
                serverName: nil),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: quiet
        )
        try await app.run()
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ProblemMiddleware())
        let controlPlane = self.controlPlane
        let startNanoseconds = self.startNanoseconds
        router.get("livez") { _, _ in Self.text(.ok, "ok\n") }
        router.get("startupz") { _, _ in
            await controlPlane.phase == .starting
                ? Self.text(.serviceUnavailable, "starting\n") : Self.text(.ok, "ok\n")
        }
        router.get("readyz") { request, _ in
            let status = await controlPlane.status()
            let isReady = status.phase == .ready
            guard request.uri.queryParameters["verbose"] != nil else {
                return Self.text(
                    isReady ? .ok : .serviceUnavailable, isReady ? "ok\n" : "\(status.phase)\n")
            }
            return Self.text(
                isReady ? .ok : .serviceUnavailable,
                "phase: \(status.phase)\ngeneration: \(status.generation)\n"
                    + status.listeners.map { "listener \($0.name): \($0.address)\n" }.joined())
        }
        router.get("metrics") { _, _ in
            try await Self.metrics(controlPlane, startNanoseconds: startNanoseconds)
        }
        router.get("v1/status") { _, _ in
            Self.json(StatusDocument.make(await controlPlane.status()))
        }
        router.get("v1/upstreams") { _, _ in
            Self.json(try await controlPlane.upstreamsDocument())
        }
        router.get("v1/deprecations") { _, _ in
            Self.json(try await controlPlane.deprecationsDocument())
        }
        self.addReleases(to: router)
        self.addMirrors(to: router)
        router.post("v1/reload") { request, _ in
            try await ReloadEndpoint.respond(to: request, controlPlane)
        }
        return router
    }

    private func addReleases(to router: Router<BasicRequestContext>) {
        let watch = self.controlPlane.releaseWatch
        router.get("v1/releases") { _, _ in
            Self.json(ReleasesDocument.list(await watch.statuses))
        }
        router.get("v1/releases/:name") { _, context in
            let name = context.parameters.get("name") ?? ""
            guard let status = await watch.statuses.first(where: { $0.name == name }) else {
                throw HTTPError(.notFound)
            }
            return Self.json(ReleasesDocument.one(status))
        }
        router.post("v1/releases/:name/:action") { request, context in
            if let refusal = AdminChange.refusal(of: request) { return refusal }
            guard let action = context.parameters.get("action"),
                let change = ReleaseWatch.Request(rawValue: action),
                let status = await watch.request(
                    change, of: context.parameters.get("name") ?? "")
            else { throw HTTPError(.notFound) }
            return Self.json(ReleasesDocument.one(status))
        }
    }

    private func addMirrors(to router: Router<BasicRequestContext>) {
        let watch = self.controlPlane.mirrorWatch
        router.get("v1/mirrors") { _, _ in Self.json(MirrorsDocument.list(await watch.statuses)) }
        router.get("v1/mirrors/:name") { _, context in
            let name = context.parameters.get("name") ?? ""
            guard let status = await watch.statuses.first(where: { $0.name == name }) else {
                throw HTTPError(.notFound)
            }
            return Self.json(MirrorsDocument.one(status))
        }
    }

    private static func metrics(
        _ controlPlane: ControlPlane, startNanoseconds: UInt64
    ) async throws -> Response {
        let plan = await controlPlane.plan
        let status = await controlPlane.status()
        let snapshot = MetricsSnapshot(
            layout: plan.metricsLayout, shards: try await controlPlane.snapshots())
        var process = ProcessMetrics()
        process.version = MartletVersion.text
        process.startNanoseconds = startNanoseconds
        process.usage = .current()
        process.accessLogLinesDropped = controlPlane.accessLog?.linesDropped ?? 0
        process.reloadsSucceeded = status.reloadsSucceeded
        process.reloadsFailed = status.reloadsFailed
        process.generation = status.generation
        process.listenerCertificates = Self.certificates(of: plan.listeners)
        process.upstreamCertificates = Self.certificates(of: plan.upstreams)
        process.rateLimitBytes = plan.rateLimits.map { UInt64(clamping: $0.byteCount) }
        process.rateLimitEvictions = plan.rateLimits.map(\.evictionCount)
        process.releases = ReleaseMetrics.series(await controlPlane.releaseWatch.statuses)
        process.mirrors = MirrorMetrics.series(await controlPlane.mirrorWatch.statuses)
        if plan.document.loadShedding != nil {
            process.sheddingLevel = UInt64(clamping: try await controlPlane.sheddingLevel())
        }
        process.endpoints = try await controlPlane.endpointMetrics().series
        let text = snapshot.prometheusText(
            process: process, seriesMax: plan.document.telemetry.metrics.maxSeries)
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
    }

    private static func certificates(of listeners: [ListenerPlan]) -> [CertificateExpiry] {
        listeners.flatMap { listener in
            Self.certificates(listener.name, listener.tls?.identities ?? [])
        }
    }

    private static func certificates(of upstreams: [UpstreamPlan]) -> [CertificateExpiry] {
        upstreams.flatMap { upstream in
            let shown = upstream.endpoints.lazy.compactMap(\.tls?.plan.identity).first
            return Self.certificates(upstream.name, shown.map { [$0] } ?? [])
        }
    }

    /// Names that come twice get a number, as no two series may be the same.
    private static func certificates(
        _ owner: String, _ identities: [TLSIdentity]
    ) -> [CertificateExpiry] {
        var counts: [String: Int] = [:]
        return identities.map { identity in
            counts[identity.name, default: 0] += 1
            let count = counts[identity.name] ?? 1
            return CertificateExpiry(
                owner: owner,
                certificate: count == 1 ? identity.name : "\(identity.name)#\(count)",
                seconds: UInt64(clamping: identity.notAfter))
        }
    }

    private static func text(_ status: HTTPResponse.Status, _ body: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }

    private static func json(_ body: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
