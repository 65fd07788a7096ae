import Foundation
import MartletJSON

// CPU time of what is done with JSON, as the best of many rounds: other work only ever adds.

/// CPU nanoseconds of this thread.
func cpuTime() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

@MainActor func measure(_ name: String, bytes: Int = 0, _ body: () -> Void) {
    let count = bytes > 100_000 ? 1 : 20
    var best = Int.max
    for _ in 0..<(bytes > 100_000 ? 100 : 3000) {
        let start = cpuTime()
        for _ in 0..<count { body() }
        best = min(best, cpuTime() - start)
    }
    let nanoseconds = Double(best) / Double(count)
    let rate = bytes > 0 ? String(format: "%7.0f MB/s", Double(bytes) / nanoseconds * 1000) : ""
    print(name.padding(toLength: 40, withPad: " ", startingAt: 0), terminator: "")
    print(String(format: "%10.0f ns", nanoseconds), rate)
}

var limits = JSONLimits()
limits.bytesMax = 1 << 28
limits.nodeCountMax = 1 << 24
limits.elementCountMax = 1 << 22
var parser = JSONParser(limits: limits)
var document = JSONDocument()

let texts: [(String, ContiguousArray<UInt8>)] = [
    ("an order", order),
    ("1,000 orders", array(Array(repeating: order, count: 1000))),
    ("100,000 numbers", array((0..<100_000).map { ContiguousArray("\(Double($0) * 1.37)".utf8) })),
    (
        "1,000 texts of 760 bytes",
        array(
            Array(
                repeating: ContiguousArray(
                    "\"\(String(repeating: "plain text of some length. ", count: 28))\"".utf8),
                count: 1000))
    ),
]
for (name, text) in texts {
    measure("tokens of \(name)", bytes: text.count) {
        var scanner = JSONScanner(limits: limits)
        reading: while true {
            switch scanner.next(text.span, isComplete: true).kind {
            case .end: break reading
            case .failed: fatalError("\(name)")
            default: continue
            }
        }
    }
    measure("document of \(name)", bytes: text.count) {
        do {
            try parser.read(text.span, isLast: true, into: &document)
        } catch {
            fatalError("\(name)")
        }
    }
}

let foundation = Data(order)
measure("JSONSerialization of an order", bytes: order.count) {
    if (try? JSONSerialization.jsonObject(with: foundation)) == nil { fatalError() }
}

let expressions: [(String, String, String)] = [
    (
        "an address",
        "^[a-z0-9!#$%&'*+/=?^_`\\{|\\}~.-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z0-9]+$",
        "johann.sebastian.bach@thomaskirche.example.com"
    ),
    (
        "a UUID", "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "123e4567-e89b-12d3-a456-426614174000"
    ),
    ("letters", "^\\p{L}+$", "ÄÖÜäöüÄÖÜäöüÄÖÜäöü"),
]
for (name, pattern, text) in expressions {
    measure("compiling a pattern for \(name)") {
        if (try? RegularExpression(pattern)) == nil { fatalError() }
    }
    guard let expression = try? RegularExpression(pattern) else { fatalError() }
    let bytes = ContiguousArray(text.utf8)
    var matcher = RegularExpressionMatcher()
    measure("matching \(name)", bytes: bytes.count) {
        if !expression.matches(bytes.span, using: &matcher) { fatalError() }
    }
}
