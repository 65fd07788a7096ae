package import NIOCore

/// What is read from an endpoint for a client that takes hardly anything: enough for a head, and as
/// much of the body as does not matter where it lies until the client takes it.
package struct SmallReads: RecvByteBufferAllocator {
    static let bytes = 4 * 1024

    package init() {}

    package func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: Self.bytes)
    }

    /// - Returns: always that the size may change, so that no larger buffer of before is used.
    package mutating func record(actualReadBytes: Int) -> Bool { true }
}
