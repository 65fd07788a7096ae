#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
import Foundation
package import MartletTelemetry

/// What the operating system says of this process, read when somebody asks.
package enum ProcessReadings {
    package static func read(startNanoseconds: UInt64) -> ProcessMetrics {
        var metrics = ProcessMetrics()
        metrics.version = MartletVersion.text
        metrics.startNanoseconds = startNanoseconds
        metrics.residentMemoryBytes = Self.residentBytes()
        metrics.openFiles = UInt64(
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0)
        metrics.cpuNanoseconds = Self.cpuNanoseconds()
        return metrics
    }

    private static func residentBytes() -> UInt64 {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ UInt64($0) })
        else { return 0 }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func cpuNanoseconds() -> UInt64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Which Martlet this is.
package enum MartletVersion {
    package static let text = "0.1.0"
}
