import MartletHTTP

/// Rendering into byte buffers without making text.
extension Array where Element == UInt8 {
    /// Appends what `body` writes.
    ///
    /// `body` is run again with more room if `room` was too little, so running it twice must come
    /// to the same.
    mutating func append(room: Int, _ body: (inout ByteCursor) -> Void) {
        var room = Swift.max(room, 16)
        while true {
            var isOverfull = false
            self.append(addingCapacity: room) { output in
                unsafe output.withUnsafeMutableBufferPointer { memory, count in
                    var cursor = unsafe ByteCursor(UnsafeMutableRawBufferPointer(memory))
                    body(&cursor)
                    isOverfull = cursor.isOverfull
                    count = cursor.isOverfull ? 0 : cursor.count
                }
            }
            guard isOverfull else { return }
            room *= 2
        }
    }

    mutating func append(_ text: StaticString) {
        let buffer = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        unsafe self.append(contentsOf: buffer)
    }

    mutating func append(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe self.append(contentsOf: $0) }
    }

    /// Appends a number in decimal.
    mutating func appendDecimal(_ number: UInt64) {
        self.append(room: 20) { $0.writeDecimal(number) }
    }

    /// Appends nanoseconds as seconds, without trailing zeros: `0.25`, `3`.
    mutating func appendSeconds(nanoseconds: UInt64) {
        self.append(room: 32) { cursor in
            cursor.writeDecimal(nanoseconds / 1_000_000_000)
            var fraction = nanoseconds % 1_000_000_000
            guard fraction > 0 else { return }
            var width = 9
            while fraction % 10 == 0 {
                fraction /= 10
                width &-= 1
            }
            cursor.writeByte(UInt8(ascii: "."))
            cursor.writeDecimal(fraction, width: width)
        }
    }
}

extension ByteCursor {
    /// Nanoseconds as milliseconds with three decimals: `12.345`.
    mutating func writeMilliseconds(nanoseconds: UInt64) {
        self.writeDecimal(nanoseconds / 1_000_000)
        self.writeByte(UInt8(ascii: "."))
        self.writeDecimal(nanoseconds % 1_000_000 / 1000, width: 3)
    }
}
