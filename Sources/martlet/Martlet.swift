import ArgumentParser

/// The command line: one subcommand for each thing an operator does.
@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A fast, strict API proxy from one YAML file.",
        subcommands: [Run.self]
    )
}
