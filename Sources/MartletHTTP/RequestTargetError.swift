/// Why a request target, or the Host field that goes with it, was refused.
///
/// Each is answered 400; `detail` is fit for the problem document, as it repeats nothing of the
/// request.
package enum RequestTargetError: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    case empty
    case unknownForm
    case unsupportedScheme
    case asteriskWithoutOptions
    case authorityWithoutConnect
    case connectWithoutAuthority
    case missingHost
    case repeatedHost
    case invalidHost
    case invalidAuthority
    case userinfo
    case hostMismatch
    case fragment
    case invalidByte
    case invalidPercentEncoding
    case aboveRoot
    case dotSegmentWithParameters
    case emptySegmentWithParameters
    case dotSegmentBehindEncodedSlash

    package var detail: StaticString {
        switch self {
        case .empty: "The request target is empty."
        case .unknownForm: "The request target is neither a path nor an http or https URI."
        case .unsupportedScheme: "The request target's scheme is not http or https."
        case .asteriskWithoutOptions: "The request target * is for OPTIONS only."
        case .authorityWithoutConnect: "A request target without a path is for CONNECT only."
        case .connectWithoutAuthority: "The request target of CONNECT must be host:port."
        case .missingHost: "The Host field is missing."
        case .repeatedHost: "There is more than one Host field."
        case .invalidHost: "The Host field is not a host with an optional port."
        case .invalidAuthority: "The request target's authority is not a host and a port."
        case .userinfo: "User information is not accepted in Host or the request target."
        case .hostMismatch: "The Host field and the request target name different hosts."
        case .fragment: "The request target has a fragment."
        case .invalidByte: "The request target has a byte that must be percent-encoded."
        case .invalidPercentEncoding: "A percent sign must be followed by two hexadecimal digits."
        case .aboveRoot: "The path climbs above its root."
        case .dotSegmentWithParameters: "A dot segment of the path has parameters."
        case .emptySegmentWithParameters: "An empty segment of the path has parameters."
        case .dotSegmentBehindEncodedSlash: "The path hides a dot segment behind %2F or %5C."
        }
    }
}
