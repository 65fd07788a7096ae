import FuzzDriver
import MartletHTTP

// Field blocks, several over one connection: what is accepted could be written as HTTP/1, and what
// is written again comes back the same. The first byte of the input says what the message is, each
// block is preceded by its length.

/// Small enough that the fuzzer meets them.
let limits = HeadLimits(startLineBytesMax: 512, headBytesMax: 1024, fieldCountMax: 16)
/// With room for the Host field that is added.
let roomierLimits = HeadLimits(startLineBytesMax: 512, headBytesMax: 4096, fieldCountMax: 17)

/// The fields as they were read, written out as an encoder does.
func encode(_ headers: borrowing HeaderList) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8 * 1024, alignment: 1)
    defer { unsafe memory.deallocate() }
    var cursor = unsafe ByteCursor(memory)
    HPACKEncoder.writeFields(of: headers, to: &cursor)
    precondition(!cursor.isOverfull, "more room than the limits allow")
    return unsafe Array(memory[..<cursor.count])
}

/// Each field is a line that HTTP/1 takes, and lies where it says.
func check(_ headers: borrowing HeaderList) {
    precondition(headers.fields.count <= limits.fieldCountMax + 1)
    for field in headers.fields {
        let (name, value) = (headers.span(field.name), headers.span(field.value))
        precondition(!name.isEmpty && value.isFieldValue)
        for index in name.indices {
            precondition(ByteClass.isToken(name[index]) && !(0x41...0x5a ~= name[index]), "name")
        }
        let line = headers.span(
            ByteRange(start: Int(field.name.start), end: field.value.end + 2))
        precondition(field.isVerbatimLine && line.count == name.count + value.count + 4)
        precondition(line[line.count - 2] == 13 && line[line.count - 1] == 10)
        precondition(HeaderName(name) == field.known)
        precondition(headers.presence & field.known.bit != 0)
    }
}

/// What is written from a head that was read is read as the same.
func checkRoundTrip(_ headers: borrowing HeaderList) {
    let block = encode(headers)
    var again = HeaderList()
    var pseudo = HTTP2PseudoFields()
    var decoder = HPACKDecoder()
    let outcome = decoder.decode(
        block.span, into: &again, pseudo: &pseudo, limits: roomierLimits, isTrailers: false)
    precondition(outcome == .complete, "what was accepted is refused")
    let kept = headers.fields.count { !$0.isRemoved }
    precondition(again.fields.count == kept && pseudo.isEmpty)
}

func checkRequest(_ head: RequestHead, _ pseudo: HTTP2PseudoFields, kind: UInt8) {
    let outcome = HTTP2RequestHead.complete(
        head, pseudo: pseudo, endStream: kind & 2 != 0, limits: limits,
        allowsConnectProtocol: kind & 4 != 0)
    guard outcome == .complete else { return }
    check(head.headers)
    checkRoundTrip(head.headers)
    let hosts = head.headers.fields.count { $0.known == .host && !$0.isRemoved }
    let cookies = head.headers.fields.count { $0.known == .cookie && !$0.isRemoved }
    precondition(hosts == 1 && cookies <= 1)
    for range in [head.path, head.query, head.authority, head.host, head.methodBytes] {
        let part = head.headers.span(range)
        for index in part.indices {
            precondition(part[index] > 0x20 && part[index] < 0x7f, "byte in a request line")
        }
    }
    precondition(head.methodBytes.count > 0 && head.path.count > 0)
}

/// Reads one block; `false` once the connection is over.
func read(_ block: Span<UInt8>, _ decoder: inout HPACKDecoder, kind: UInt8) -> Bool {
    let head = RequestHead()
    var pseudo = HTTP2PseudoFields()
    let outcome = decoder.decode(
        block, into: &head.headers, pseudo: &pseudo, limits: limits, isTrailers: kind & 1 != 0)
    switch outcome {
    case .compressionError, .excessive: return false
    case .malformed, .tooLarge: check(head.headers)
    case .complete:
        check(head.headers)
        if kind & 1 == 0 { checkRequest(head, pseudo, kind: kind) }
    }
    return true
}

unsafe fuzz { start, count in
    guard count > 0 else { return -1 }
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe buffer.span
    var decoder = HPACKDecoder()
    var position = 1
    while position < bytes.count {
        let end = min(position + 1 + Int(bytes[position]), bytes.count)
        let block = bytes.extracting((position + 1)..<end)
        guard read(block, &decoder, kind: bytes[0]) else { break }
        position = end
    }
    // The Huffman code by itself: what comes out is not longer than it may be.
    var store = ByteStore()
    if store.append(HPACKHuffman.shared, decoding: bytes) {
        precondition(store.count <= bytes.count * 8 / 5)
    } else {
        precondition(store.count == 0)
    }
    return 0
}
