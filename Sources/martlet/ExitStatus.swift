import ArgumentParser
import MartletControlPlane

/// How commands end, the same for all of them.
enum ExitStatus {
    static let failure = ExitCode(ServerProcess.Exit.failure.rawValue)
    /// Wrong usage, or a configuration that cannot be used.
    static let invalid = ExitCode(ServerProcess.Exit.invalidConfig.rawValue)
}
