import ArgumentParser
import Foundation
import MartletConfig

/// `martlet fmt`: the one canonical layout of a configuration file.
struct Fmt: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lay configuration files out in the one canonical way.",
        discussion: "Comments and the order of keys stay. Nothing that a file means is changed.")

    @OptionGroup var config: ConfigOption

    @Flag(help: "Print nothing but the names of files that differ, and exit 1 if there are any.")
    var check = false

    @Flag(name: [.short, .long], help: "Write the files instead of printing them.")
    var write = false

    @Argument(help: "Files; without any, the one of --config.")
    var files: [String] = []

    func validate() throws {
        guard !(self.check && self.write) else {
            throw ValidationError("--check and --write exclude each other.")
        }
        guard !self.write || !self.names.contains("-") else {
            throw ValidationError("Standard input cannot be written to.")
        }
    }

    private var names: [String] { self.files.isEmpty ? [self.config.path] : self.files }

    func run() throws {
        var isInvalid = false
        var differs = false
        for name in self.names {
            guard let text = Self.read(name) else {
                StandardStreams.printError("\(name): error: the file cannot be read as UTF-8 text")
                isInvalid = true
                continue
            }
            do throws(InvalidConfig) {
                let formatted = try ConfigFormatter.format(text, file: name)
                differs = differs || formatted != text
                self.report(name, formatted, isChanged: formatted != text)
            } catch {
                let printer = DiagnosticPrinter(sources: [name: SourceText(text)])
                StandardStreams.writeError(printer.text(error.diagnostics))
                isInvalid = true
            }
        }
        if isInvalid { throw ExitStatus.invalid }
        if self.check, differs { throw ExitStatus.failure }
    }

    private func report(_ name: String, _ formatted: String, isChanged: Bool) {
        if self.check {
            if isChanged { print(name) }
        } else if !self.write {
            StandardStreams.write(formatted)
        } else if isChanged {
            do {
                try formatted.write(toFile: name, atomically: true, encoding: .utf8)
                print(name)
            } catch {
                StandardStreams.printError("\(name): error: the file cannot be written")
                Self.exit(withError: ExitStatus.failure)
            }
        }
    }

    private static func read(_ name: String) -> String? {
        let bytes =
            name == "-"
            ? try? FileHandle.standardInput.readToEnd() ?? Data()
            : FileManager.default.contents(atPath: name)
        return bytes.flatMap { String(validating: $0, as: UTF8.self) }
    }
}
