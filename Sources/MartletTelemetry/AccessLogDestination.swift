#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that could not be opened, with the system's reason.
package struct AccessLogOpenError: Error, Sendable, Equatable {
    package let path: String
    /// As in `errno`.
    package let code: Int32

    package init(path: String, code: Int32) {
        self.path = path
        self.code = code
    }

    package var message: String {
        let reason =
            unsafe strerror(self.code).map { unsafe String(cString: $0) } ?? "unknown error"
        return "cannot open \(self.path): \(reason)"
    }
}

/// Where access log lines go.
package enum AccessLogDestination: Sendable, Equatable {
    case standardOutput
    case standardError
    case file(String)

    /// The descriptor to write to.
    ///
    /// That of a file is new; whoever asked closes it.
    func open() throws(AccessLogOpenError) -> Int32 {
        switch self {
        case .standardOutput: return STDOUT_FILENO
        case .standardError: return STDERR_FILENO
        case .file(let path):
            // Readable by the group at most: lines hold addresses of clients.
            let descriptor = openForAppending(path)
            guard descriptor >= 0 else { throw AccessLogOpenError(path: path, code: errno) }
            return descriptor
        }
    }

    /// Closes what `open` has made.
    func close(_ descriptor: Int32) {
        guard case .file = self else { return }
        closeDescriptor(descriptor)
    }
}

// Outside the enum, whose own `open` and `close` would hide the system's.
private func openForAppending(_ path: String) -> Int32 {
    unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
}

private func closeDescriptor(_ descriptor: Int32) {
    _ = close(descriptor)
}
