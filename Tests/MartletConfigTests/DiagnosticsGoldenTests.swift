import MartletConfig
import Testing

/// Wrong configurations and the exact text that tells what is wrong.
///
/// `==> name <==` begins another file of the case; what stands before the first is the main file.
@Suite struct DiagnosticsGoldenTests {
    static let environment = [
        "PORT": "9001", "TOKEN": "s3cret-value", "WORD": "s3cret word", "EMPTY": "",
        "ADDRESS": "10.9.8.7:6543", "NETWORK": "0.0.0.0/0",
        "BREAK": "s3cret\r\nx-evil: 1", "URL": "s3cret://host",
    ]

    @Test func thereAreEnoughCases() {
        #expect(GoldenFile.names(in: "diagnostics").count >= 65)
    }

    @Test(arguments: GoldenFile.names(in: "diagnostics"))
    func diagnostics(name: String) throws {
        let golden = try GoldenFile("diagnostics", name)
        let folder = try TemporaryFolder()
        let main = try Self.unpack(golden.input, into: folder)
        let result = ConfigLoader.load(
            text: main, file: "martlet.yaml", environment: Self.environment, directory: folder.path)
        #expect(!result.diagnostics.isEmpty)
        #expect((result.document == nil) == !result.errors.isEmpty)
        let text = DiagnosticPrinter(sources: result.sources).text(result.diagnostics)
        for secret in ["s3cret", "10.9.8.7", "6543"] {
            #expect(!text.contains(secret), "a secret is shown")
        }
        try golden.check(text)
    }

    private static func unpack(_ input: String, into folder: TemporaryFolder) throws -> String {
        var files = [(name: "", lines: [Substring]())]
        for line in input.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("==> "), line.hasSuffix(" <==") {
                files.append((String(line.dropFirst(4).dropLast(4)), []))
            } else {
                files[files.count - 1].lines.append(line)
            }
        }
        for file in files.dropFirst() {
            try folder.write(file.lines.joined(separator: "\n"), to: file.name)
        }
        return files[0].lines.joined(separator: "\n")
    }
}
