import ArgumentParser
import MartletConfig
import MartletControlPlane

/// `martlet version`: which Martlet this is, and what it was built with and for.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the version.")

    @OptionGroup var output: OutputOption

    func run() {
        guard self.output.isJSON else {
            print("martlet \(MartletVersion.text) (Swift \(Self.swift), \(Self.target))")
            return
        }
        let members: [JSONValue.Member] = [
            .init("version", .string(MartletVersion.text)), .init("swift", .string(Self.swift)),
            .init("target", .string(Self.target)),
        ]
        print(JSONValue.object(members).text())
    }

    /// The compiler can be asked for this only step by step.
    private static var swift: String {
        #if compiler(>=6.5)
        "6.5 or later"
        #elseif compiler(>=6.4)
        "6.4"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }

    private static var target: String {
        "\(Self.architecture)-\(Self.operatingSystem)"
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "aarch64"
        #else
        "unknown"
        #endif
    }

    private static var operatingSystem: String {
        #if os(Linux)
        "linux"
        #elseif os(macOS)
        "macos"
        #else
        "unknown"
        #endif
    }
}
