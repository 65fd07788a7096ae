import ArgumentParser
import Foundation
import MartletConfig
import MartletDataPlane
import MartletSecurity

/// `martlet keys`: makes API keys, of which the configuration keeps only the hash.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make API keys and hash them.",
        subcommands: [Create.self, Hash.self, Secret.self])

    /// `martlet keys create`: a new key, shown this once.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it once, with what the configuration keeps of it.")

        @OptionGroup var config: ConfigOption
        @OptionGroup var output: OutputOption

        func run() throws {
            var random = SystemRandomNumberGenerator()
            let key = APIKeyText(random: &random)
            try Keys.show(key.text, config: self.config, output: self.output)
        }
    }

    /// `martlet keys hash`: what the configuration keeps of a key that exists.
    struct Hash: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a key from standard input and print what the configuration keeps of it."
        )

        @OptionGroup var config: ConfigOption
        @OptionGroup var output: OutputOption

        func run() throws {
            guard let key = readLine(strippingNewline: true), !key.isEmpty else {
                StandardStreams.printError("error: no key on standard input")
                throw ExitStatus.invalid
            }
            try Keys.show(key, config: self.config, output: self.output)
        }
    }

    /// `martlet keys secret`: a secret for `authentication.key-secret`.
    struct Secret: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new secret for `authentication.key-secret`.")

        func run() {
            var random = SystemRandomNumberGenerator()
            let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            print(String(decoding: Hexadecimal.encode(bytes.span), as: UTF8.self))
        }
    }

    private static func show(
        _ key: String, config: ConfigOption, output: OutputOption
    ) throws {
        let document = try CheckedConfig(path: config.path).get(output).document
        guard let secret = document.authentication.keySecret,
            let hasher = APIKeyHasher(secret: Array(secret.text.utf8))
        else {
            StandardStreams.printError(
                "error: the configuration has no `authentication.key-secret`\n"
                    + "  hint: `martlet keys secret` prints one for it"
            )
            throw ExitStatus.invalid
        }
        let bytes = Array(key.utf8)
        guard bytes.count <= 256 else {
            StandardStreams.printError("error: keys have 256 bytes at most")
            throw ExitStatus.invalid
        }
        // What is printed here is taken when it is shown, or nobody would find out why not.
        guard !APIKeyText.isDamaged(bytes.span), bytes.allSatisfy({ 0x21...0x7e ~= $0 }) else {
            StandardStreams.printError(
                "error: this key would never be taken: it holds white space or bytes that are no "
                    + "ASCII, or begins with `mk_` and has another check sum"
            )
            throw ExitStatus.invalid
        }
        let hash = hasher.hash(bytes.span).text
        let name = APIKeyText.display(of: bytes.span)
        guard !output.isJSON else {
            print(
                JSONValue.object([
                    .init("key", .string(key)), .init("name", .string(name)),
                    .init("hash", .string(hash)),
                ]).text())
            return
        }
        print("key:   \(key)   (it is not shown again)")
        print("")
        print("For the consumer's `api-keys`:")
        let named = name.isEmpty ? "" : "name: \(name), "
        print("  - { \(named)hash: \"\(hash)\" }")
    }
}
