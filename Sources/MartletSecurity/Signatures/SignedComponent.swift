/// A part of a request that a signature covers (RFC 9421 §2).
package enum SignedComponent: Sendable, Equatable, Hashable {
    case method
    case targetURI
    case authority
    case scheme
    case requestTarget
    case path
    case query
    /// By its name as it is written in the signature, percent-encoded.
    case queryParameter(String)
    /// In lower case.
    case field(String)

    /// - `parameter`: of `@query-param`; other parameters are not known here.
    /// - Returns: `nil` for a component that is not known.
    package init?(_ name: String, parameter: String? = nil) {
        switch name {
        case "@query-param":
            guard let parameter else { return nil }
            self = .queryParameter(parameter)
            return
        case "@method": self = .method
        case "@target-uri": self = .targetURI
        case "@authority": self = .authority
        case "@scheme": self = .scheme
        case "@request-target": self = .requestTarget
        case "@path": self = .path
        case "@query": self = .query
        default:
            guard !name.isEmpty, !name.hasPrefix("@"), name == name.lowercased() else {
                return nil
            }
            self = .field(name)
        }
        guard parameter == nil else { return nil }
    }

    /// As it stands in the signature base.
    package var identifier: String {
        switch self {
        case .method: #""@method""#
        case .targetURI: #""@target-uri""#
        case .authority: #""@authority""#
        case .scheme: #""@scheme""#
        case .requestTarget: #""@request-target""#
        case .path: #""@path""#
        case .query: #""@query""#
        case .queryParameter(let name): #""@query-param";name=""# + name + "\""
        case .field(let name): "\"\(name)\""
        }
    }
}
