#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Notices that a configuration file has changed, by looking at it once a second.
///
/// Looking works where notifications do not: network file systems, files swapped by a rename or by
/// a symbolic link, as editors and Kubernetes do. What it looks at is bounded by the includes.
package struct FileWatcher: Sendable {
    package static let interval = Duration.seconds(1)

    private struct Stamp: Sendable, Equatable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    private var stamps: [String: Stamp?] = [:]

    package init(files: [String]) {
        self.watch(files)
    }

    /// Watches these files from now on, as they are now.
    package mutating func watch(_ files: [String]) {
        self.stamps = [:]
        for file in files { self.stamps[file] = .some(Self.stamp(file)) }
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

    private static func stamp(_ file: String) -> Stamp? {
        var status = stat()
        guard unsafe stat(file, &status) == 0 else { return nil }
        return Stamp(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino),
            size: Int64(status.st_size), seconds: Int(status.st_mtim.tv_sec),
            nanoseconds: Int(status.st_mtim.tv_nsec))
    }
}
