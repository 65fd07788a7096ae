import Foundation
import MartletTelemetry
import Testing

@Suite struct ProcessUsageTests {
    @Test func memoryIsWhatTheKernelSays() throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        let kibibytes = try #require(UInt64(line.filter(\.isNumber)))
        let bytes = ProcessUsage.current().residentMemoryBytes
        // Other tests run meanwhile: the same magnitude, which a wrong column or unit is not.
        #expect(bytes > kibibytes * 1024 / 2 && bytes < kibibytes * 1024 * 2)
    }

    @Test func openFilesAreCounted() throws {
        let before = ProcessUsage.current().openFiles
        #expect(before >= 3)
        let handles = try (0..<200).map { _ in
            try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/null"))
        }
        // Other tests open and close a few meanwhile.
        #expect(ProcessUsage.current().openFiles > before + 100)
        for handle in handles { try handle.close() }
    }

    @Test func timeGrowsWithWork() {
        let before = ProcessUsage.current().cpuNanoseconds
        var random: UInt64 = 1
        while ProcessUsage.current().cpuNanoseconds == before { random &+= 1 }
        #expect(before > 0)
        #expect(random > 0)
    }
}
