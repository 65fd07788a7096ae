import FuzzDriver
import MartletHTTP

// Header names and methods: what is recognised is what the bytes say.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe buffer.span
    let name = HeaderName(bytes)
    if name != .other {
        precondition(bytes.isEqualIgnoringCase(to: name.text), "another name")
    }
    let method = Method(bytes)
    if method != .other { precondition(bytes.isEqual(to: method.name), "another method") }
    return 0
}
