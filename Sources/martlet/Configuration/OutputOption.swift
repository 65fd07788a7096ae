import ArgumentParser

/// `--output json`, for programs that read what a command prints.
struct OutputOption: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(name: .customLong("output"), help: "How to print the result.")
    var format = Format.text

    var isJSON: Bool { self.format == .json }
}
