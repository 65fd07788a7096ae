import MartletDataPlane
import NIOCore
import Testing

@Suite struct BufferPoolTests {
    @Test func aBufferComesBackEmpty() {
        var pool = BufferPool(allocator: ByteBufferAllocator())
        var buffer = pool.take()
        buffer.writeString("secret")
        pool.giveBack(buffer)
        let again = pool.take()
        #expect(again.readableBytes == 0)
        #expect(again.capacity > 0)
    }

    /// A channel may still hold what was written: taking the buffer again must not change it.
    @Test func bytesThatAreStillHeldStayAsTheyAre() {
        var pool = BufferPool(allocator: ByteBufferAllocator())
        var buffer = pool.take()
        buffer.writeString("first")
        let held = buffer
        pool.giveBack(buffer)
        var next = pool.take()
        next.writeString("other")
        #expect(String(buffer: held) == "first")
    }

    @Test func largeBuffersAreNotKept() {
        var pool = BufferPool(allocator: ByteBufferAllocator())
        pool.giveBack(ByteBufferAllocator().buffer(capacity: 1 << 20))
        let taken = pool.take()
        #expect(taken.capacity < 1 << 20)
    }
}
