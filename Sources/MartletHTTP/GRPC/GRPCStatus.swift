/// How a gRPC call ended, as `grpc-status` tells it.
package enum GRPCStatus: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case ok = 0
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case permissionDenied = 7
    case resourceExhausted = 8
    case unimplemented = 12
    case internalError = 13
    case unavailable = 14
    case unauthenticated = 16

    /// What an HTTP status of ours means to a gRPC client.
    ///
    /// The gRPC project's table, but for what it has better words for: a limit is
    /// RESOURCE_EXHAUSTED, a timeout DEADLINE_EXCEEDED.
    package init(httpStatus: UInt16) {
        self =
            switch httpStatus {
            case 200..<300: .ok
            case 400, 431: .internalError
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404, 405, 501: .unimplemented
            case 408, 504: .deadlineExceeded
            case 413, 429: .resourceExhausted
            case 502, 503: .unavailable
            default: .unknown
            }
    }
}
