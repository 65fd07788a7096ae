import FuzzDriver
import MartletHTTP

// Request targets: what is resolved once stays as it is when it is resolved again, and holds no
// dot segment. The first byte chooses the method, the rest is the target.

let limits = HeadLimits(startLineBytesMax: 4096, headBytesMax: 8192, fieldCountMax: 16)
let methods = ["GET", "OPTIONS", "CONNECT", "POST"]

/// A head whose target is `target`, or `nil` if it was refused.
func resolved(_ method: String, _ target: [UInt8]) -> RequestHead? {
    var bytes = Array("\(method) ".utf8)
    bytes += target
    bytes += " HTTP/1.1\r\nHost: example.com\r\n\r\n".utf8
    let head = RequestHead()
    var parser = RequestHeadParser()
    var position = 0
    let outcome = parser.parse(bytes.span, at: &position, into: head, limits: limits)
    return outcome == .complete && position == bytes.count ? head : nil
}

func bytes(_ range: ByteRange, of head: RequestHead) -> [UInt8] {
    range.indices.map { head.headers.bytes[$0] }
}

func check(_ head: RequestHead, method: String) {
    let path = bytes(head.path, of: head)
    guard path.first == UInt8(ascii: "/") else { return }
    for segment in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
        precondition(!segment.elementsEqual(".".utf8), "dot segment")
        precondition(!segment.elementsEqual("..".utf8), "double-dot segment")
    }
    var target = path
    let query = bytes(head.query, of: head)
    if head.hasQuery { target += [UInt8(ascii: "?")] + query }
    guard let again = resolved(method, target) else {
        preconditionFailure("refused what was resolved")
    }
    precondition(bytes(again.path, of: again) == path, "path changed")
    precondition(bytes(again.query, of: again) == query, "query changed")
    precondition(again.hasQuery == head.hasQuery)
}

unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    guard let first = unsafe buffer.first else { return -1 }
    let method = methods[Int(first) % methods.count]
    let target = unsafe Array(buffer.dropFirst())
    // CONNECT names no path; that it is read without a trap is all there is to see.
    if let head = resolved(method, target), head.method != .connect {
        check(head, method: method)
    }
    return 0
}
