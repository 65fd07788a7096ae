import Crypto
import Foundation

/// What is kept of an API key: its HMAC-SHA256 under a secret of the server, so that whoever reads
/// the configuration or the store can neither use nor guess a key.
package struct APIKeyHash: Sendable, Hashable, BitwiseCopyable {
    private let words: InlineArray<4, UInt64>

    private init(words: InlineArray<4, UInt64>) { self.words = words }

    /// - `bytes`: 32 of them.
    package init?(bytes: Span<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = InlineArray<4, UInt64>(repeating: 0)
        for index in 0..<32 { words[index / 8] = words[index / 8] << 8 | UInt64(bytes[index]) }
        self.words = words
    }

    /// `hmac-sha256:` and 64 hexadecimal digits.
    package init?(text: String) {
        let prefix = Self.prefix
        guard text.hasPrefix(prefix),
            let bytes = Hexadecimal.decode(Array(text.utf8.dropFirst(prefix.utf8.count)).span)
        else { return nil }
        self.init(bytes: bytes.span)
    }

    package static let prefix = "hmac-sha256:"

    package var text: String {
        var bytes: [UInt8] = []
        for index in 0..<4 {
            for step in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: self.words[index] >> UInt64(56 - 8 * step)))
            }
        }
        return Self.prefix + String(decoding: Hexadecimal.encode(bytes.span), as: UTF8.self)
    }

    /// Chooses the place in a table; nobody without the secret can make two keys share one.
    var place: UInt64 { self.words[0] }

    /// Looks at all of both, whatever it finds.
    package static func == (left: APIKeyHash, right: APIKeyHash) -> Bool {
        let first = left.words[0] ^ right.words[0]
        let second = left.words[1] ^ right.words[1]
        let third = left.words[2] ^ right.words[2]
        let fourth = left.words[3] ^ right.words[3]
        return first | second | third | fourth == 0
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.words[0]) }
}

/// Hashes the keys that callers bring.
///
/// Immutable; the secret stays in here.
package struct APIKeyHasher: Sendable {
    private let secret: SymmetricKey

    /// Fewer bytes could be guessed.
    package static let secretBytesMin = 32

    /// - Returns: `nil` if the secret is too short.
    package init?(secret: [UInt8]) {
        guard secret.count >= Self.secretBytesMin else { return nil }
        self.secret = SymmetricKey(data: secret)
    }

    package func hash(_ key: Span<UInt8>) -> APIKeyHash {
        var code = HMAC<SHA256>(key: self.secret)
        unsafe key.withUnsafeBytes { unsafe code.update(data: $0) }
        var words = InlineArray<4, UInt64>(repeating: 0)
        var index = 0
        for byte in code.finalize() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
            index += 1
        }
        return APIKeyHash(words)
    }
}

extension APIKeyHash {
    fileprivate init(_ words: InlineArray<4, UInt64>) { self.init(words: words) }
}
