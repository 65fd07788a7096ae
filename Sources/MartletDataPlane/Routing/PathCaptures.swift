package import MartletHTTP

/// What a path pattern's `{names}` matched, as ranges into the request head's bytes.
///
/// Values stand in the order in which their names appear in the pattern; the plan resolves names
/// to positions, so that nothing is looked up by name on the path.
package struct PathCaptures: Sendable {
    /// More names in one pattern are refused at load.
    package static let countMax = 16

    /// Behind them, what templates say of the caller.
    private static let placesMax = 24

    package private(set) var count = 0
    private var ranges = InlineArray<24, ByteRange>(repeating: .empty)

    package init() {}

    package subscript(index: Int) -> ByteRange {
        self.ranges[index]
    }

    package mutating func append(_ range: ByteRange) {
        guard self.count < Self.placesMax else { return }
        self.ranges[self.count] = range
        self.count += 1
    }

    /// Forgets captures from `count` on: the router backs out of a branch.
    package mutating func truncate(to count: Int) {
        self.count = min(self.count, count)
    }
}
