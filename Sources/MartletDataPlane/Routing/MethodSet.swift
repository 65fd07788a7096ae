package import MartletHTTP

/// A set of request methods: those that Martlet knows, and those that the routes name besides.
///
/// Bits 0–15 are `Method`'s raw values; from 16 on, a method's place in the routing table's list
/// of extension methods, of which there are at most `extensionCountMax`.
package struct MethodSet: Sendable, BitwiseCopyable, Hashable {
    package static let extensionCountMax = 48
    private static let extensionBit = 16

    package static let all = MethodSet(bits: .max)

    private var bits: UInt64

    package init() { self.bits = 0 }

    private init(bits: UInt64) { self.bits = bits }

    package init(_ method: Method) {
        self.bits = 1 &<< UInt64(method.rawValue)
    }

    /// The set of one extension method; empty if the index is out of range.
    package init(extensionIndex: Int) {
        let isInRange = 0..<Self.extensionCountMax ~= extensionIndex
        self.bits = isInRange ? 1 &<< UInt64(Self.extensionBit &+ extensionIndex) : 0
    }

    package var isEmpty: Bool { self.bits == 0 }

    package mutating func formUnion(_ other: MethodSet) { self.bits |= other.bits }

    package func contains(_ method: Method) -> Bool {
        !self.isDisjoint(with: MethodSet(method))
    }

    package func contains(extensionIndex: Int) -> Bool {
        !self.isDisjoint(with: MethodSet(extensionIndex: extensionIndex))
    }

    package func isDisjoint(with other: MethodSet) -> Bool { self.bits & other.bits == 0 }

    package func isSuperset(of other: MethodSet) -> Bool { other.bits & ~self.bits == 0 }
}
