package import MartletConfig

/// What came of reading the configuration again.
package enum ReloadOutcome: Sendable {
    /// The new configuration runs; `warnings` are about it.
    case reloaded(generation: UInt64, warnings: [Diagnostic])
    /// The file is wrong; what ran before runs on. `text` shows the places in it.
    case invalid([Diagnostic], text: String)
    /// The file is right, but it could not be taken up: an address in use, for example.
    case failed(reason: String)
    /// The process is starting or draining.
    case notReady
}
