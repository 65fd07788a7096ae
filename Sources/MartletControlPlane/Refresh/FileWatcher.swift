import Foundation

/// Notices that a configuration file has changed, by looking at it once a second.
///
/// Looking works where notifications do not: network file systems, files swapped by a rename or by
/// a symbolic link, as editors and Kubernetes do. What it looks at is bounded by the includes.
package struct FileWatcher: Sendable {
    package static let interval = Duration.seconds(1)

    private struct Stamp: Sendable, Equatable {
        var inode: Int?
        var size: Int?
        var modified: Date?
    }

    private var stamps: [String: Stamp?] = [:]

    package init(files: [String]) {
        self.watch(files)
    }

    /// Watches these files from now on: known ones as they were last seen, new ones as they are.
    package mutating func watch(_ files: [String]) {
        let known = self.stamps
        self.stamps = [:]
        for file in files { self.stamps[file] = known[file] ?? .some(Self.stamp(file)) }
    }

    /// Whether a file differs from the last time; notes how they are now.
    package mutating func hasChanged() -> Bool {
        var hasChanged = false
        for (file, before) in self.stamps {
            let now = Self.stamp(file)
            if now != before {
                hasChanged = true
                self.stamps[file] = .some(now)
            }
        }
        return hasChanged
    }

    /// `nil` for a file that is not there.
    ///
    /// A symbolic link counts as what it leads to.
    private static func stamp(_ file: String) -> Stamp? {
        let target = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else {
            return nil
        }
        return Stamp(
            inode: attributes[.systemFileNumber] as? Int, size: attributes[.size] as? Int,
            modified: attributes[.modificationDate] as? Date)
    }
}
