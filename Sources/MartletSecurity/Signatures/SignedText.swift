/// What a scheme signs: a text with parts of the request in it, such as `v0:{timestamp}:{body}`.
package struct SignedText: Sendable {
    package enum Piece: Sendable, Equatable {
        case literal([UInt8])
        case method, path, query, target, host
        /// As it stands in its field.
        case timestamp
        case keyIdentifier
        /// By its name, in lower case.
        case field([UInt8])
        case body
        /// SHA-256 in hexadecimal digits.
        case bodyDigest

        /// By its name in a template; `nil` for a name that is none.
        package init?(name: String) {
            switch name {
            case "method": self = .method
            case "path": self = .path
            case "query": self = .query
            case "target": self = .target
            case "host": self = .host
            case "timestamp": self = .timestamp
            case "key-id": self = .keyIdentifier
            case "body": self = .body
            case "body-sha256": self = .bodyDigest
            default:
                guard name.hasPrefix("header:"), name.utf8.count > 7 else { return nil }
                self = .field(Array(name.lowercased().utf8.dropFirst(7)))
            }
        }
    }

    private let pieces: [Piece]

    package init(_ pieces: [Piece]) { self.pieces = pieces }

    package var coversBody: Bool {
        self.pieces.contains(.body) || self.pieces.contains(.bodyDigest)
    }

    /// - `value`: of a piece that is no literal; `nil` if the request has no such.
    package func bytes(
        _ value: (Piece) -> [UInt8]?
    ) throws(SignatureRefusal) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in self.pieces {
            if case .literal(let text) = piece {
                bytes += text
                continue
            }
            guard let value = value(piece) else { throw .componentMissing }
            bytes += value
        }
        return bytes
    }
}
