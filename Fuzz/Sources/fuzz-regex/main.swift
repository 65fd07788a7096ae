import FuzzDriver
import MartletJSON

// Regular expressions: the pattern ends with the first zero byte, the text follows. The table and
// the program agree, and neither takes more steps than the text's length times the program's.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let all = unsafe buffer.span
    var cut = 0
    while cut < all.count, all[cut] != 0 { cut += 1 }
    let pattern = all.extracting(first: cut)
    let text = all.extracting(droppingFirst: min(all.count, cut + 1))
    let problem = RegularExpression.syntaxError(pattern)
    // A text of the standard library could not hold it.
    if problem?.reason == .notUTF8 { return 0 }

    var limits = RegularExpression.Limits()
    limits.programCountMax = 500
    limits.tableBytesMax = 16 << 10
    limits.slowProgramCountMax = 500
    let string = unsafe String(decoding: buffer[..<cut], as: UTF8.self)
    let compiled = Result { () throws(RegularExpressionError) in
        try RegularExpression(string, limits: limits)
    }
    guard case .success(let expression) = compiled else {
        guard case .failure(let error) = compiled else { return 0 }
        precondition(problem != nil || error.reason == .tooLarge, "refused without a reason")
        return 0
    }
    precondition(problem == nil, "compiled in spite of \(problem as Any)")
    limits.tableBytesMax = 0
    guard let program = try? RegularExpression(string, limits: limits) else {
        preconditionFailure("too large without a table only")
    }
    var matcher = RegularExpressionMatcher()
    // Each round looks at an instruction once, and at what leads to it twice at most.
    matcher.steps = (text.count + 1) * 3 * (limits.programCountMax + 1)
    let byTable = expression.matches(text, using: &matcher)
    precondition(program.matches(text, using: &matcher) == byTable, "two results")
    precondition(matcher.steps >= 0, "not linear")
    return 0
}
