/// Where a run of bytes lies in a head's byte store.
@usableFromInline package struct ByteRange: Sendable, BitwiseCopyable, Equatable {
    @usableFromInline package var start: UInt32
    @usableFromInline package var count: UInt32

    package static let empty = ByteRange(start: 0, count: 0)

    @inlinable package init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    @inlinable package init(start: Int, end: Int) {
        self.start = UInt32(start)
        self.count = UInt32(end - start)
    }

    @inlinable package var isEmpty: Bool { self.count == 0 }
    @inlinable package var end: Int { Int(self.start) + Int(self.count) }
    @inlinable package var indices: Range<Int> { Int(self.start)..<self.end }
}
