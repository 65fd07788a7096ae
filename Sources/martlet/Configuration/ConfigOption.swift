import ArgumentParser

/// `-c FILE`, wherever a command reads a configuration.
struct ConfigOption: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("Configuration file; - is standard input.", valueName: "file"))
    var path = "martlet.yaml"
}
