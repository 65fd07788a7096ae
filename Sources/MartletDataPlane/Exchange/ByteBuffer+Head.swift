package import MartletHTTP
package import NIOCore

extension ByteBuffer {
    /// Appends what `body` writes.
    ///
    /// `body` is run again with more room if `capacity` was too low, so running it twice must come
    /// to the same.
    package mutating func writeHead(capacity: Int, _ body: (inout ByteCursor) -> Void) {
        var capacity = capacity
        while true {
            var isOverfull = false
            unsafe self.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { memory in
                var cursor = unsafe ByteCursor(memory)
                body(&cursor)
                isOverfull = cursor.isOverfull
                return cursor.isOverfull ? 0 : cursor.count
            }
            guard isOverfull else { return }
            capacity *= 2
        }
    }
}
