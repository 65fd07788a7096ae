import ArgumentParser
import Foundation
import MartletConfig
import MartletControlPlane

/// `martlet demo`: three small services and a Martlet in front of them, in one process.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run three sample services and a Martlet in front of them, until Ctrl-C.")

    @Flag(help: "Use free ports instead of 8080, 9900, 9001, 9101 and 9201.")
    var freePorts = false

    @Flag(help: "Print the configuration and end: a place to begin from.")
    var printConfig = false

    func run() async throws {
        if self.printConfig {
            StandardStreams.write(QuickstartConfig.text)
            return
        }
        let ports = self.freePorts ? try await DemoPorts.free() : DemoPorts()
        let taken = await ports.taken()
        guard taken.isEmpty else {
            StandardStreams.printError(
                "error: in use on 127.0.0.1: port \(taken.joined(separator: ", port "))\n"
                    + "  hint: end what listens there, or run `martlet demo --free-ports`")
            throw ExitStatus.failure
        }
        let file = try DemoFile(ports)
        defer { file.remove() }
        try await self.serve(ports, file)
    }

    private func serve(_ ports: DemoPorts, _ file: DemoFile) async throws {
        let environment = ProcessInfo.processInfo.environment
        let result = ConfigLoader.load(path: file.path, environment: environment)
        guard let document = result.document else {
            StandardStreams.writeError(
                DiagnosticPrinter(sources: result.sources).text(result.diagnostics))
            throw ExitStatus.invalid
        }
        let server = ServerProcess(
            LoadedConfig(path: file.path, document: document, files: result.files),
            environment: environment)
        let guide = DemoGuide(ports: ports, configPath: file.path)
        let services = [
            OrdersService.make(port: ports.orders), CustomersService.make(port: ports.customers),
            InvoicesService.make(port: ports.invoices),
        ]
        let exit = try await Self.run(services, then: server, guide)
        guard exit == .ok else { throw ExitCode(exit.rawValue) }
    }

    /// The services first; Martlet when they listen; all end together.
    private static func run(
        _ services: [SampleService], then server: ServerProcess, _ guide: DemoGuide
    ) async throws -> ServerProcess.Exit {
        try await withThrowingTaskGroup(of: ServerProcess.Exit?.self) { group in
            let (running, signal) = AsyncStream.makeStream(of: Void.self)
            for service in services {
                group.addTask {
                    defer { signal.finish() }
                    try await service.run { signal.yield() }
                    return nil
                }
            }
            var missing = services.count
            for await _ in running {
                missing -= 1
                if missing == 0 { break }
            }
            if missing == 0 {
                group.addTask {
                    try await server.run { StandardStreams.write(guide.text) }
                }
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let exit = result { return exit }
            }
            return .failure
        }
    }
}
