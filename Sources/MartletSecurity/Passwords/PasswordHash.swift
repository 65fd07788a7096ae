import CPasswordHashes

/// A stored password: bcrypt or yescrypt as crypt(5) writes them, or Argon2id in PHC form.
///
/// Checking takes a tenth of a second on purpose, so it is never done on a worker's loop. What it
/// may cost is bounded when the text is read.
package struct PasswordHash: Sendable, Equatable {
    package enum Kind: Sendable, Equatable, BitwiseCopyable {
        case bcrypt(cost: Int)
        case yescrypt
        case argon2id(memoryKiB: Int, passes: Int, lanes: Int)
    }

    package enum Problem: Error, Equatable {
        /// None of the three, or malformed.
        case unknown
        /// It could keep a thread or the memory busy for too long.
        case tooCostly
    }

    package let kind: Kind

    /// What checking it takes, roughly: in microseconds of a common processor.
    package var estimatedWork: Int {
        switch kind {
        case .bcrypt(let cost): 50 << cost
        case .yescrypt: 100_000
        case .argon2id(let memoryKiB, let passes, _): memoryKiB * passes
        }
    }

    private let text: String

    /// Beyond this bcrypt takes seconds.
    private static let bcryptCosts = 4...15
    /// bcrypt does not look at more: two passwords would be one.
    private static let bcryptPasswordBytesMax = 72
    /// 256 MiB.
    private static let argon2MemoryKiBMax = 262_144

    package init(_ text: String) throws(Problem) {
        guard text.utf8.count <= 512, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .unknown
        }
        self.text = text
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, parts[0].isEmpty else { throw .unknown }
        switch parts[1] {
        case "2a", "2b", "2y":
            guard parts.count == 4, parts[2].count == 2, let cost = Int(parts[2]),
                parts[3].count == 53
            else { throw .unknown }
            guard Self.bcryptCosts.contains(cost) else { throw .tooCostly }
            self.kind = .bcrypt(cost: cost)
        case "y":
            guard parts.count == 5, (3...6).contains(parts[2].count) else { throw .unknown }
            // The second character is the cost: `j9T` is the usual one, `jFT` the greatest taken.
            let costs = "./0123456789ABCDEF"
            guard let cost = parts[2].dropFirst().first, costs.contains(cost) else {
                throw .tooCostly
            }
            self.kind = .yescrypt
        case "argon2id": self.kind = try Self.argon2id(parts)
        default: throw .unknown
        }
    }

    private static func argon2id(_ parts: [String]) throws(Problem) -> Kind {
        guard parts.count == 6, parts[2] == "v=19", !parts[4].isEmpty, !parts[5].isEmpty else {
            throw .unknown
        }
        var values: [Int] = []
        for (field, name) in zip(parts[3].split(separator: ","), ["m=", "t=", "p="]) {
            guard field.hasPrefix(name), let value = Int(field.dropFirst(2)), value > 0 else {
                throw .unknown
            }
            values.append(value)
        }
        guard values.count == 3 else { throw .unknown }
        guard values[0] <= Self.argon2MemoryKiBMax, values[1] <= 16, values[2] <= 8,
            values[0] * values[1] <= Self.argon2MemoryKiBMax * 4
        else { throw .tooCostly }
        return .argon2id(memoryKiB: values[0], passes: values[1], lanes: values[2])
    }

    /// Whether it is weaker than today's advice: bcrypt below 10, Argon2id below 19 MiB.
    package var isWeak: Bool {
        switch self.kind {
        case .bcrypt(let cost): cost < 10
        case .yescrypt: false
        case .argon2id(let memoryKiB, let passes, _):
            memoryKiB < 7 * 1024 || memoryKiB * passes < 19 * 1024
        }
    }

    /// Takes a tenth of a second and memory as `kind` says: not on an event loop.
    package func verifies(_ password: [UInt8]) -> Bool {
        guard !password.contains(0) else { return false }
        switch self.kind {
        case .bcrypt, .yescrypt:
            if case .bcrypt = self.kind, password.count > Self.bcryptPasswordBytesMax {
                return false
            }
            let terminated = password.map { CChar(bitPattern: $0) } + [0]
            return unsafe password_hashes_verify_crypt(terminated, self.text) == 1
        case .argon2id:
            return unsafe password_hashes_verify_argon2id(self.text, password, password.count) == 1
        }
    }
}
