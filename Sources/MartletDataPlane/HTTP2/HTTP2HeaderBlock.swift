import MartletHTTP

/// A header block whose parts come in several frames (RFC 9113 §4.3, §6.10), until it is whole.
///
/// Owned by a connection, which has one at most. Bounded by what `add` is given, and its owner
/// counts CONTINUATION frames.
struct HTTP2HeaderBlock {
    /// What the HEADERS frame said.
    struct Origin {
        var streamID: UInt32 = 0
        var endsStream = false
        /// A stream that depends on itself: an error, once the block has been decoded.
        var isSelfDependent = false
    }

    private var origin = Origin()
    private var bytes: [UInt8] = []
    private(set) var isOpen = false
    /// When it has to be whole.
    private(set) var endTick: UInt64 = 0

    var streamID: UInt32 { self.origin.streamID }

    mutating func begin(
        streamID: UInt32, endsStream: Bool, isSelfDependent: Bool, endTick: UInt64
    ) {
        self.isOpen = true
        self.origin = Origin(
            streamID: streamID, endsStream: endsStream, isSelfDependent: isSelfDependent)
        self.endTick = endTick
    }

    mutating func append(_ fragment: Span<UInt8>) {
        for index in fragment.indices { self.bytes.append(fragment[index]) }
    }

    /// - Returns: `false` if it has become larger than is taken.
    mutating func add(_ fragment: Span<UInt8>, bytesMax: Int) -> Bool {
        guard self.bytes.count + fragment.count <= bytesMax else { return false }
        self.append(fragment)
        return true
    }

    mutating func takeBytes() -> [UInt8] {
        let bytes = self.bytes
        self.bytes = []
        return bytes
    }

    /// The block is whole.
    mutating func close() -> Origin {
        self.isOpen = false
        return self.origin
    }
}
