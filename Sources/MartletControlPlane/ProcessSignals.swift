import Dispatch

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
    package static func stream() -> AsyncStream<ProcessSignal> {
        signal(SIGPIPE, SIG_IGN)
        let meanings: [(Int32, ProcessSignal)] = [
            (SIGHUP, .reload), (SIGTERM, .drain), (SIGINT, .drain), (SIGUSR1, .reopenLogs),
        ]
        return AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            // SAFETY: written once here, read once when the stream ends; sources are thread-safe.
            nonisolated(unsafe) let sources = meanings.map { number, meaning in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { continuation.yield(meaning) }
                source.resume()
                return source
            }
            continuation.onTermination = { _ in for source in unsafe sources { source.cancel() } }
        }
    }
}
