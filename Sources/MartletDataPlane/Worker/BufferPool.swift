package import NIOCore

/// A worker's free output buffers, so that a head is written without an allocation.
///
/// Bounded by `countMax` buffers of `bytesMax`. A buffer that the channel still holds because a
/// write was short is copied on its next use by `ByteBuffer` itself.
package struct BufferPool {
    private static let countMax = 64
    private static let bytesMax = 64 * 1024
    private static let initialBytes = 4 * 1024

    private let allocator: ByteBufferAllocator
    private var free: [ByteBuffer] = []

    package init(allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    package mutating func take() -> ByteBuffer {
        guard var buffer = self.free.popLast() else {
            return self.allocator.buffer(capacity: Self.initialBytes)
        }
        buffer.clear()
        return buffer
    }

    package mutating func giveBack(_ buffer: consuming ByteBuffer) {
        guard self.free.count < Self.countMax, 1...Self.bytesMax ~= buffer.capacity else { return }
        self.free.append(buffer)
    }
}
