/// What the process as a whole reports, gathered by the control plane for one scrape.
package struct ProcessMetrics: Sendable {
    package var version = ""
    /// Nanoseconds since 1970.
    package var startNanoseconds: UInt64 = 0
    package var usage = ProcessUsage()
    package var accessLogLinesDropped: UInt64 = 0
    package var reloadsSucceeded: UInt64 = 0
    package var reloadsFailed: UInt64 = 0
    package var generation: UInt64 = 0

    package init() {}
}
