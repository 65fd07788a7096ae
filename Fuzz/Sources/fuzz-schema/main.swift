import FuzzDriver
import MartletJSON

// JSON Schema: the schema ends with the first line feed, the document follows. Nothing traps, no
// limit is passed, the same check has the same result twice, and what is denied is not accepted
// together with what it denies.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let all = unsafe buffer.span
    var cut = 0
    while cut < all.count, all[cut] != UInt8(ascii: "\n") { cut += 1 }
    var text: ContiguousArray<UInt8> = []
    text.append(all.extracting(first: cut))
    var options = JSONSchema.Options()
    options.assertsFormat = true
    options.limits.subschemaCountMax = 2000
    options.limits.expressions.programCountMax = 500
    options.limits.expressions.tableBytesMax = 16 << 10
    func compiled(_ text: ContiguousArray<UInt8>) -> JSONSchema? {
        try? JSONSchema(.init(uri: "schema:fuzz", text: text), options: options)
    }
    guard let schema = compiled(text) else { return 0 }
    let rest = all.extracting(droppingFirst: min(all.count, cut + 1))
    guard let document = try? JSONDocument(rest) else { return 0 }
    var validator = JSONSchemaValidator()
    validator.limits.stepCountMax = 100_000
    let outcome = validator.validate(document, against: schema)
    precondition(validator.stepCount <= 110_000 || outcome == .tooMuchWork, "too much work")
    precondition(validator.violations.count <= validator.limits.violationCountMax, "too many")
    precondition(validator.violations.isEmpty || outcome != .valid, "valid with violations")
    for violation in validator.violations {
        _ = violation.sentence(of: schema)
        _ = document.pointer(to: violation.node)
    }
    precondition(validator.validate(document, against: schema) == outcome, "two results")
    // The schema as a part of another one; its own identifiers and references move with it.
    var denied = ContiguousArray(#"{"not":"#.utf8)
    denied += text
    denied.append(UInt8(ascii: "}"))
    let holdsReference =
        String(decoding: text, as: UTF8.self).contains("Ref\"")
        || String(decoding: text, as: UTF8.self).contains("ref\"")
        || String(decoding: text, as: UTF8.self).contains("\\")
    guard !holdsReference, let denial = compiled(denied) else { return 0 }
    switch validator.validate(document, against: denial) {
    case .valid: precondition(outcome != .valid, "denied and accepted")
    case .invalid: precondition(outcome != .invalid, "neither denied nor accepted")
    case .tooDeep, .tooMuchWork: break
    }
    return 0
}
