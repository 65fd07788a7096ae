import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The signals that an operator sends, as a stream.
///
/// SIGPIPE is ignored.
package enum ProcessSignal: Sendable {
    case reload
    case drain
    case reopenLogs

    /// Takes the signals over from their default actions, for the rest of the process.
    ///
    /// Returns when that is done: a signal is acted on or ends the process, and is never lost.
    package static func stream() async -> AsyncStream<ProcessSignal> {
        signal(SIGPIPE, SIG_IGN)
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint, .sigusr1)
        return AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let following = Task {
                for await signal in signals { continuation.yield(Self.meaning(of: signal)) }
            }
            continuation.onTermination = { _ in following.cancel() }
        }
    }

    private static func meaning(of signal: UnixSignal) -> ProcessSignal {
        switch signal {
        case .sighup: .reload
        case .sigusr1: .reopenLogs
        default: .drain
        }
    }
}
