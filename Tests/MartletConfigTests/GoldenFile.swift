import Foundation
import Testing

/// A golden file: input, a line of ten dashes, the exact output that is expected.
///
/// With `UPDATE_GOLDEN=1` the output is written in place of being compared; the diff is the review.
struct GoldenFile {
    static let separator = "----------\n"

    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static var isUpdating: Bool { ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" }

    let url: URL
    let input: String
    let expected: String

    init(_ folder: String, _ name: String) throws {
        self.url = Self.root.appending(path: "Tests/Golden/\(folder)/\(name).golden")
        let text = try String(contentsOf: self.url, encoding: .utf8)
        let separator = text.range(of: "\n" + Self.separator)
        self.input = separator.map { String(text[..<$0.lowerBound]) + "\n" } ?? text
        self.expected = separator.map { String(text[$0.upperBound...]) } ?? ""
    }

    /// The names of all cases in a folder.
    static func names(in folder: String) -> [String] {
        let url = self.root.appending(path: "Tests/Golden/\(folder)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { $0.hasSuffix(".golden") }.map { String($0.dropLast(7)) }.sorted()
    }

    func check(_ output: String) throws {
        guard !Self.isUpdating else {
            try (self.input + Self.separator + output)
                .write(to: self.url, atomically: true, encoding: .utf8)
            return
        }
        #expect(output == self.expected, "\(self.url.lastPathComponent)")
    }
}

/// A folder that is removed when the test is done.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "martlet-config-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    func write(_ text: String, to name: String) throws {
        let url = URL(filePath: self.path).appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }
}
