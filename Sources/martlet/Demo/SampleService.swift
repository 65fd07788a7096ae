import Hummingbird
import Logging
import NIOCore

/// A small service for Martlet to stand in front of, in the demo's own process.
struct SampleService: Sendable {
    let name: String
    let port: Int
    /// What its `server` header tells the world.
    let banner: String
    private let router: @Sendable () -> Router<SampleContext>

    init(
        name: String, port: Int, banner: String,
        router: @escaping @Sendable () -> Router<SampleContext>
    ) {
        self.name = name
        self.port = port
        self.banner = banner
        self.router = router
    }

    /// Serves until the task is cancelled.
    func run(onRunning: @escaping @Sendable () -> Void) async throws {
        var quiet = Logger(label: "martlet.demo")
        quiet.logLevel = .critical
        let application = Application(
            router: self.router(),
            configuration: .init(
                address: .hostname("127.0.0.1", port: self.port), serverName: self.banner),
            onServerRunning: { _ in onRunning() }, logger: quiet)
        try await application.run()
    }
}
