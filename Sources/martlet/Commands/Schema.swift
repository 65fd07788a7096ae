import ArgumentParser
import MartletConfig

/// `martlet schema`: what a configuration may say, for editors and for people.
struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of the configuration.")

    @OptionGroup var output: OutputOption

    @Flag(help: "Print the reference in Markdown instead.")
    var markdown = false

    func run() {
        StandardStreams.write(self.markdown ? ConfigSchema.markdown() : ConfigSchema.json())
    }
}
