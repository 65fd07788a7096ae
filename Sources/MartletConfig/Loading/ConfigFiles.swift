import Foundation

/// Reads the files of a configuration, each up to a limit.
struct ConfigFiles: Sendable {
    enum Failure: Error, Equatable {
        case missing
        case unreadable
        case isDirectory
        case tooLarge
        case notUTF8

        var reason: String {
            switch self {
            case .missing: "there is no such file"
            case .unreadable: "it cannot be read"
            case .isDirectory: "it is a directory"
            case .tooLarge: "it is too large"
            case .notUTF8: "it is not UTF-8 text"
            }
        }

        var hint: String? {
            switch self {
            case .missing, .unreadable, .isDirectory: nil
            case .tooLarge: "at most 1MiB"
            case .notUTF8: "a certificate becomes PEM by `openssl x509 -in FILE -out FILE.pem`"
            }
        }
    }

    static let configBytesMax = 16 * 1024 * 1024
    static let secretBytesMax = 1024 * 1024

    /// What relative names are relative to; empty is the process's working directory.
    let directory: String

    /// A name as it is opened.
    func location(of name: String) -> String {
        name.hasPrefix("/") || self.directory.isEmpty ? name : "\(self.directory)/\(name)"
    }

    /// A name written in `file`, as seen from where `file` itself is named.
    func resolve(_ name: String, in file: String) -> String {
        guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
        return String(file[...slash]) + name
    }

    /// - `name`: `-` is standard input.
    func read(_ name: String, bytesMax: Int) throws(Failure) -> String {
        let data = try self.data(name, bytesMax: bytesMax)
        guard data.count <= bytesMax else { throw .tooLarge }
        guard let text = String(validating: data, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    private func data(_ name: String, bytesMax: Int) throws(Failure) -> Data {
        if name == "-" {
            return try self.contents(of: FileHandle.standardInput, bytesMax: bytesMax)
        }
        let path = self.location(of: name)
        guard FileManager.default.fileExists(atPath: path) else { throw .missing }
        let isDirectory = (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
        guard !isDirectory else { throw .isDirectory }
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .unreadable }
        return try self.contents(of: handle, bytesMax: bytesMax)
    }

    private func contents(of handle: FileHandle, bytesMax: Int) throws(Failure) -> Data {
        do {
            return try handle.read(upToCount: bytesMax + 1) ?? Data()
        } catch {
            throw .unreadable
        }
    }

    /// The files that match a pattern with `*` and `?` in any of its parts, sorted.
    func matches(_ pattern: String) -> [String] {
        var found = [pattern.hasPrefix("/") ? "/" : ""]
        for part in pattern.split(separator: "/") {
            found = found.flatMap { self.children(of: $0, matching: String(part)) }
        }
        return found
    }

    private func children(of prefix: String, matching part: String) -> [String] {
        let separator = prefix.isEmpty || prefix.hasSuffix("/") ? "" : "/"
        guard Self.isPattern(part) else { return ["\(prefix)\(separator)\(part)"] }
        let folder = self.location(of: prefix.isEmpty ? "." : prefix)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { name in
            Self.matches(Array(part.unicodeScalars), Array(name.unicodeScalars))
                && (!name.hasPrefix(".") || part.hasPrefix("."))
        }.sorted().map { "\(prefix)\(separator)\($0)" }
    }

    static func isPattern(_ text: String) -> Bool { text.contains("*") || text.contains("?") }

    /// Shell-style match of one name, in at most pattern × name steps.
    static func matches(_ pattern: [UnicodeScalar], _ name: [UnicodeScalar]) -> Bool {
        var (patternIndex, nameIndex) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while nameIndex < name.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                star = (patternIndex, nameIndex)
                patternIndex += 1
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == "?" || pattern[patternIndex] == name[nameIndex]
            {
                patternIndex += 1
                nameIndex += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                patternIndex = last.pattern + 1
                nameIndex = last.name + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }
}
