import FuzzDriver
import MartletJSON

// JSON: a text that is taken is the same in pieces, and comes back equal from each way to write it.
// The first byte says where the text is cut.
unsafe fuzz { start, count in
    guard count > 0 else { return -1 }
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let all = unsafe buffer.span
    let text = all.extracting(droppingFirst: 1)
    var limits = JSONLimits()
    limits.allowsDuplicateKeys = all[0] & 1 == 1
    let whole = Result { () throws(JSONError) in try JSONDocument(text, limits: limits) }

    var parser = JSONParser(limits: limits)
    var document = JSONDocument()
    let cut = min(text.count, Int(all[0] >> 1))
    let inPieces = Result { () throws(JSONError) in
        try parser.read(text.extracting(first: cut), isLast: false, into: &document)
        try parser.read(text.extracting(droppingFirst: cut), isLast: true, into: &document)
    }

    switch (whole, inPieces) {
    case (.failure(let error), .failure(let other)):
        precondition(error == other, "another failure in pieces")
        precondition(error.offset >= 0 && error.offset <= text.count, "a place outside")
        return 0
    case (.success(let read), .success):
        var equality = JSONEquality()
        precondition(equality.isEqual(read, 0, document, 0), "another value in pieces")
        var canonical = JSONWriter()
        canonical.canonical(0, of: read)
        var compact = JSONWriter()
        compact.compact(0, of: read)
        for bytes in [canonical.bytes, compact.bytes] {
            var wide = limits
            wide.numberBytesMax += 16
            guard let again = try? JSONDocument(bytes.span, limits: wide) else {
                preconditionFailure("what was written cannot be read")
            }
            precondition(equality.isEqual(read, 0, again, 0), "another value after writing")
            precondition(
                JSONHash.value(read, 0) == JSONHash.value(again, 0), "another hash after writing")
            var twice = JSONWriter()
            twice.canonical(0, of: again)
            precondition(twice.bytes == canonical.bytes, "two canonical forms")
        }
        return 0
    default: preconditionFailure("in pieces it ends another way")
    }
}
