import ArgumentParser
import Foundation
import MartletConfig
import MartletControlPlane

/// `martlet run`: serves until a signal ends it.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve traffic as a configuration says, until SIGTERM or SIGINT.")

    @Option(name: [.short, .long], help: "Configuration file; - is standard input.")
    var config = "martlet.yaml"

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let result = ConfigLoader.load(path: self.config, environment: environment)
        guard let document = result.document else {
            for d in result.diagnostics { print(d) }
            throw ExitCode(ServerProcess.Exit.invalidConfig.rawValue)
        }
        let loaded = LoadedConfig(path: self.config, document: document, files: result.files)
        let exit = await ServerProcess(loaded, environment: environment).run()
        throw ExitCode(exit.rawValue)
    }
}
