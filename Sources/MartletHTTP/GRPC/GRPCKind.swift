/// Which dialect of gRPC a request speaks, by its media type.
///
/// gRPC over HTTP/2 as it is; gRPC-Web as browsers speak it, whose trailers stand in the body, and
/// whose text form is base64.
package enum GRPCKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case none
    case grpc
    case web
    case webText

    /// Reads a `content-type` value; what follows the type (`+proto`, parameters) does not matter.
    package init(contentType: Span<UInt8>) {
        self = .none
        if Self.begins(contentType, "application/grpc-web-text") {
            self = .webText
        } else if Self.begins(contentType, "application/grpc-web") {
            self = .web
        } else if Self.begins(contentType, "application/grpc") {
            self = .grpc
        }
    }

    /// The media type without what follows it; empty for `none`.
    package var mediaType: StaticString {
        switch self {
        case .none: ""
        case .grpc: "application/grpc"
        case .web: "application/grpc-web"
        case .webText: "application/grpc-web-text"
        }
    }

    /// Whether the value is the type, or the type with a suffix or parameters.
    private static func begins(_ value: Span<UInt8>, _ type: StaticString) -> Bool {
        let count = type.utf8CodeUnitCount
        guard value.count >= count,
            value.extracting(0..<count).isEqualIgnoringCase(to: type)
        else { return false }
        guard value.count > count else { return true }
        return [UInt8(ascii: "+"), UInt8(ascii: ";"), 0x20, 0x09].contains(value[count])
    }
}
