/// A request method (RFC 9110 §9).
///
/// Case-sensitive, so `get` is `.other`.
///
/// The bytes of an `.other` method stand in the head; the enum alone is enough for everything
/// that treats methods by meaning.
package enum Method: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case other
    case get
    case head
    case post
    case put
    case delete
    case connect
    case options
    case trace
    case patch

    package init(_ bytes: Span<UInt8>) {
        self = .other
        switch bytes.count {
        case 3:
            if bytes.isEqual(to: "GET") {
                self = .get
            } else if bytes.isEqual(to: "PUT") {
                self = .put
            }
        case 4:
            if bytes.isEqual(to: "POST") {
                self = .post
            } else if bytes.isEqual(to: "HEAD") {
                self = .head
            }
        case 5:
            if bytes.isEqual(to: "PATCH") {
                self = .patch
            } else if bytes.isEqual(to: "TRACE") {
                self = .trace
            }
        case 6: if bytes.isEqual(to: "DELETE") { self = .delete }
        case 7:
            if bytes.isEqual(to: "OPTIONS") {
                self = .options
            } else if bytes.isEqual(to: "CONNECT") {
                self = .connect
            }
        default: break
        }
    }

    /// The method's name; empty for `.other`.
    package var name: StaticString {
        switch self {
        case .other: ""
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        }
    }

    /// Whether it asks for no change (RFC 9110 §9.2.1).
    package var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        case .other, .post, .put, .delete, .connect, .patch: false
        }
    }

    /// Whether doing it twice is the same as doing it once (RFC 9110 §9.2.2).
    package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .other, .post, .patch, .connect: false
        }
    }
}
