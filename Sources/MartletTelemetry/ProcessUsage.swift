#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the process uses at one moment, as the system tells it.
///
/// For scrapes, not for the path.
///
/// What cannot be found out is 0; on systems without `/proc` that is memory and files.
package struct ProcessUsage: Sendable, Equatable {
    package var residentMemoryBytes: UInt64 = 0
    package var openFiles: UInt64 = 0
    /// User and system time together.
    package var cpuNanoseconds: UInt64 = 0

    package init() {}

    package static func current() -> ProcessUsage {
        var usage = ProcessUsage()
        usage.residentMemoryBytes = Self.residentMemoryBytes()
        usage.openFiles = Self.openFiles()
        usage.cpuNanoseconds = Self.cpuNanoseconds()
        return usage
    }

    package static func currentMemoryBytes() -> UInt64 { self.residentMemoryBytes() }

    /// The second number of `/proc/self/statm`, in pages (proc(5)).
    private static func residentMemoryBytes() -> UInt64 {
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { _ = close(descriptor) }
        // Seven numbers of at most 20 digits.
        var bytes = [UInt8](repeating: 0, count: 160)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count > 0, let space = bytes.firstIndex(of: UInt8(ascii: " ")) else { return 0 }
        var pages: UInt64 = 0
        for byte in bytes[(space + 1)...] {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { break }
            pages = pages &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        }
        return pages &* UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 0))
    }

    private static func openFiles() -> UInt64 {
        guard let folder = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { _ = unsafe closedir(folder) }
        var count: UInt64 = 0
        while unsafe readdir(folder) != nil { count &+= 1 }
        // `.` and `..`, and the descriptor by which we look.
        return count > 3 ? count &- 3 : 0
    }

    private static func cpuNanoseconds() -> UInt64 {
        // CLOCK_PROCESS_CPUTIME_ID counts user and system time of all threads.
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return UInt64(max(time.tv_sec, 0)) &* 1_000_000_000 &+ UInt64(max(time.tv_nsec, 0))
    }
}
