import ArgumentParser
import Foundation
import MartletConfig
import MartletControlPlane

/// `martlet run`: serves until a signal ends it.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve traffic as a configuration says, until SIGTERM or SIGINT.",
        discussion: "SIGHUP and a changed file reload, SIGUSR1 opens log files again.")

    @OptionGroup var config: ConfigOption

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let result = ConfigLoader.load(
            path: self.config.path, environment: environment,
            now: Int64(Date.now.timeIntervalSince1970))
        let printer = DiagnosticPrinter(sources: result.sources)
        guard let document = result.document else {
            StandardStreams.writeError(printer.text(result.diagnostics))
            throw ExitStatus.invalid
        }
        let loaded = LoadedConfig(
            path: self.config.path, document: document, files: result.files,
            warnings: result.warnings)
        let exit: ServerProcess.Exit
        do throws(InvalidConfig) {
            exit = try await ServerProcess(loaded, environment: environment).run()
        } catch {
            StandardStreams.writeError(printer.text(error.diagnostics))
            throw ExitStatus.invalid
        }
        throw ExitCode(exit.rawValue)
    }
}
