import FuzzDriver
import MartletHTTP

// Lists of address blocks, one in each line, and the addresses in them: what is parsed reads the
// same when it is written again, lies in its own block, and has one scope in either spelling.
unsafe fuzz { start, count in
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: true)
    var texts: [String] = []
    for line in lines {
        let text = String(decoding: line, as: UTF8.self)
        guard AddressBlocks(blocks: [text]) != nil else { continue }
        texts.append(text)
        let address = Array(text.utf8.prefix { $0 != UInt8(ascii: "/") })
        guard let parsed = ClientAddress(parsing: address.span) else {
            preconditionFailure("a block without an address")
        }
        check(parsed)
    }
    guard let blocks = AddressBlocks(blocks: texts) else { preconditionFailure("lost together") }
    for text in texts {
        let address = Array(text.utf8.prefix { $0 != UInt8(ascii: "/") })
        guard let parsed = ClientAddress(parsing: address.span) else { return 0 }
        precondition(blocks.contains(parsed), "not in its own block")
        let rule = EgressRule(allowed: blocks)
        if AddressScope(parsed) == .global {
            precondition(rule.refusal(of: parsed, host: "a") == nil, "a global address is refused")
        }
        precondition(
            EgressRule.strict.refusal(of: parsed, host: "a") == nil
                || AddressScope(parsed) != .global, "let through")
    }
    return 0
}

func check(_ address: ClientAddress) {
    let text = address.text
    guard let again = ClientAddress(parsing: text.span) else {
        preconditionFailure("its own text is not read")
    }
    precondition(again == address && AddressScope(again) == AddressScope(address))
    guard address.isIPv4 else { return }
    let mapped = Array("::ffff:".utf8) + Array(text.span.text.utf8)
    precondition(ClientAddress(parsing: mapped.span) == address, "mapped is another address")
}
