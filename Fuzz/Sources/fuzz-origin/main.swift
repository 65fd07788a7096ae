import FuzzDriver
import MartletHTTP

// Origins of CORS: the first line is a pattern, the second what a browser said. What fits one
// without a wildcard is the pattern itself; what fits one with it has its scheme, its domain
// behind a dot, and nothing in between that would end the host.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(buffer)
    let end = bytes.firstIndex(of: 10) ?? bytes.count
    let text = String(decoding: bytes[..<end], as: UTF8.self)
    guard let pattern = try? OriginPattern(parsing: text) else { return -1 }
    let origin = Array(bytes[min(end + 1, bytes.count)...])
    let fits = pattern.matches(origin.span)
    guard pattern.isWildcard else {
        precondition(fits == (origin == Array(text.utf8)), "another origin fits")
        return 0
    }
    precondition(!pattern.matches(Array(text.utf8).span), "the pattern itself fits")
    guard fits, let star = text.firstIndex(of: "*") else { return 0 }
    let (head, tail) = (Array(text[..<star].utf8), Array(text[text.index(after: star)...].utf8))
    precondition(origin.starts(with: head) && origin.reversed().starts(with: tail.reversed()))
    let middle = origin.dropFirst(head.count).dropLast(tail.count)
    precondition(!middle.isEmpty && middle.allSatisfy { !"/?#@:[]%\\ *\u{0}".utf8.contains($0) })
    return 0
}
