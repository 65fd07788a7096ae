import ArgumentParser
import MartletControlPlane

/// The command line: one subcommand for each thing an operator does.
@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A fast, strict API proxy from one YAML file.",
        discussion: """
            Exit codes: 0 is success, 1 a failure while running, 2 wrong usage or an invalid \
            configuration, 3 connections cut at the drain deadline.
            """,
        version: MartletVersion.text,
        subcommands: [
            Run.self, Validate.self, Fmt.self, Routes.self, Explain.self, Schema.self,
            Reload.self, Keys.self, Demo.self, Version.self, Completion.self,
        ]
    )

    static func main() async {
        do {
            var command = try Self.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Self.end(error)
        }
    }

    /// The parser has an exit code of its own for wrong usage; ours is 2.
    private static func end(_ error: any Error) -> Never {
        guard Self.exitCode(for: error) == .validationFailure else { Self.exit(withError: error) }
        StandardStreams.printError(Self.fullMessage(for: error))
        Self.exit(withError: ExitStatus.invalid)
    }
}
