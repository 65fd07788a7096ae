import FuzzDriver
import MartletHTTP

// Header names and methods: what is recognised is what the bytes say. Names are asked for only when
// every byte is a token's, as the line parser has checked by then.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe buffer.span
    let name = HeaderName(bytes)
    let isToken = buffer.indices.allSatisfy { unsafe ByteClass.isToken(buffer[$0]) }
    if name != .other, isToken {
        precondition(bytes.isEqualIgnoringCase(to: name.text), "another name")
    }
    let method = Method(bytes)
    if method != .other { precondition(bytes.isEqual(to: method.name), "another method") }
    return 0
}
