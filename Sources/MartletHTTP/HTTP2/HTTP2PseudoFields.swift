/// The pseudo-header fields of one message (RFC 9113 §8.3): where their values lie in the bytes of
/// the header list that was decoded with them.
package struct HTTP2PseudoFields: Sendable, BitwiseCopyable, Equatable {
    package enum Name: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        case method, scheme, authority, path, status
        /// RFC 8441 §4.
        case `protocol`

        /// Recognises a name, its colon included.
        init?(_ name: Span<UInt8>) {
            switch name.count {
            case 5 where name.isEqual(to: ":path"): self = .path
            case 7 where name.isEqual(to: ":method"): self = .method
            case 7 where name.isEqual(to: ":scheme"): self = .scheme
            case 7 where name.isEqual(to: ":status"): self = .status
            case 9 where name.isEqual(to: ":protocol"): self = .protocol
            case 10 where name.isEqual(to: ":authority"): self = .authority
            default: return nil
            }
        }

        fileprivate var bit: UInt8 { 1 << self.rawValue }
    }

    private var present: UInt8 = 0
    private var ranges = InlineArray<6, ByteRange>(repeating: .empty)

    package init() {}

    /// Where the value lies; `nil` if the field was not given.
    package subscript(name: Name) -> ByteRange? {
        self.present & name.bit == 0 ? nil : self.ranges[Int(name.rawValue)]
    }

    package var isEmpty: Bool { self.present == 0 }

    package mutating func set(_ name: Name, to range: ByteRange) {
        self.present |= name.bit
        self.ranges[Int(name.rawValue)] = range
    }

    package static func == (one: HTTP2PseudoFields, other: HTTP2PseudoFields) -> Bool {
        Name.allCases.allSatisfy { one[$0] == other[$0] }
    }
}
