import ArgumentParser
import MartletDataPlane

/// `martlet validate`: every error and warning of a configuration at once.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a configuration and tell everything that is wrong with it.")

    @OptionGroup var config: ConfigOption
    @OptionGroup var output: OutputOption

    @Flag(help: "Fail on warnings too.")
    var strict = false

    @Argument(help: ArgumentHelp("The same as --config.", valueName: "file"))
    var file: String?

    func run() throws {
        let checked = CheckedConfig(path: self.file ?? self.config.path)
        let isValid = checked.plan != nil && !(self.strict && checked.warningCount > 0)
        if self.output.isJSON {
            StandardStreams.write(checked.json)
        } else {
            StandardStreams.writeError(checked.text)
            if let plan = checked.plan, isValid {
                print("ok: \(Self.contents(of: plan))")
            } else {
                StandardStreams.printError("invalid: \(Self.findings(of: checked))")
            }
        }
        guard isValid else { throw ExitStatus.invalid }
    }

    private static func contents(of plan: Plan) -> String {
        [
            self.count(plan.routes.count, "route"), self.count(plan.upstreams.count, "upstream"),
            self.count(plan.listeners.count, "listener"),
        ].joined(separator: ", ")
    }

    private static func findings(of checked: CheckedConfig) -> String {
        let errors = self.count(checked.errorCount, "error")
        guard checked.warningCount > 0 else { return errors }
        return "\(errors), \(self.count(checked.warningCount, "warning"))"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
