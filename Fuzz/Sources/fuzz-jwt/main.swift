import FuzzDriver
import MartletJSON
import MartletSecurity

// Tokens: one that is taken apart has one spelling, and its claims are judged without a trap.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let text = unsafe buffer.span
    guard let token = try? CompactToken(text) else { return 0 }
    let signature = Base64Text.encode(token.signature.span, .url)
    let spelled = token.signingInput + [UInt8(ascii: ".")] + signature
    precondition(spelled == text.copy, "another spelling of the same token")
    let dot = token.signingInput.firstIndex(of: UInt8(ascii: ".")) ?? 0
    precondition(
        Array(token.signingInput[(dot + 1)...]) == Base64Text.encode(token.payload.span, .url),
        "another spelling of the same payload")
    guard let claims = try? JSONDocument(token.payload.span) else { return 0 }
    var rules = ClaimRules()
    rules.issuer = Array("me".utf8)
    rules.audiences = [Array("api".utf8)]
    rules.ageSecondsMax = 60
    guard let scope = ClaimPlace("scope"), let deep = ClaimPlace("/a/0") else { return 0 }
    rules.claims = [
        ClaimRule(place: scope, test: .isOneOf([Array("read".utf8)])),
        ClaimRule(place: deep, test: .isPresent),
    ]
    for now in [Int64.min / 4, 0, 1_800_000_000, Int64.max / 4] {
        _ = rules.check(claims, now: now)
    }
    rules.issuer = nil
    rules.audiences = []
    _ = rules.check(claims, now: 0)
    var node = 0
    while node < claims.nodeCount {
        if !claims.isKey(node), let line = ClaimText.line(claims, node) {
            precondition(line.allSatisfy { $0 >= 0x20 && $0 != 0x7f }, "a line with controls")
        }
        node += 1
    }
    return 0
}
