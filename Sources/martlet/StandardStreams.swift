import Foundation

/// Where commands write: results to standard output, everything else to standard error.
enum StandardStreams {
    /// Writes text as it is; a reader that has gone is no error.
    static func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Array(text.utf8))
    }

    static func writeError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Array(text.utf8))
    }

    static func printError(_ line: String) {
        self.writeError(line + "\n")
    }
}
