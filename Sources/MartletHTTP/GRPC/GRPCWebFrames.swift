/// What gRPC-Web puts into bodies in the place of trailers and binary.
package enum GRPCWebFrames {
    /// The last frame of a gRPC-Web answer: flag 0x80, the length, and the trailers as header lines
    /// with lower-case names.
    package static func trailers(_ trailers: borrowing HeaderList) -> [UInt8] {
        var lines: [UInt8] = []
        for field in trailers.fields where !field.isRemoved {
            let name = trailers.span(field.name)
            for index in name.indices { lines.append(ByteClass.lowercased(name[index])) }
            lines.append(UInt8(ascii: ":"))
            let value = trailers.span(field.value)
            for index in value.indices { lines.append(value[index]) }
            lines += [13, 10]
        }
        var frame: [UInt8] = [0x80]
        for shift in [24, 16, 8, 0] {
            frame.append(UInt8(truncatingIfNeeded: lines.count >> shift))
        }
        return frame + lines
    }
}
