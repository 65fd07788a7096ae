import MartletJSON
import Testing

@Suite struct UTF8SequenceTests {
    @Test func scalarsComeBack() {
        var failures = 0
        let edges: [UInt32] = [
            0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x3ffff, 0x40000,
            0x10ffff,
        ]
        for value in edges + stride(from: 1, through: 0x10ffff, by: 37) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var bytes: ContiguousArray<UInt8> = []
            UTF8Sequence.append(value, to: &bytes)
            let isRight = bytes.elementsEqual(String(Character(scalar)).utf8)
            let decoded = UTF8Sequence.decode(bytes.span, at: 0)
            if !isRight || decoded != .scalar(value, byteCount: bytes.count) { failures += 1 }
        }
        #expect(failures == 0)
    }

    /// Sequences of up to four bytes, against the standard library's decoder.
    @Test func agreesWithTheStandardLibrary() {
        var failures = 0
        // Bytes where the classes of table 3-7 begin and end.
        let edges: [UInt8] = [
            0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
            0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
        ]
        for value in 0..<edges.count * edges.count * edges.count * edges.count {
            var rest = value
            let bytes = (0..<4).map { _ in
                defer { rest /= edges.count }
                return edges[rest % edges.count]
            }
            let outcome = UTF8Sequence.decode(bytes.span, at: 0)
            var decoder = Unicode.UTF8.ForwardParser()
            var iterator = bytes.makeIterator()
            switch (decoder.parseScalar(from: &iterator), outcome) {
            case (.valid(let encoded), .scalar(let scalar, let byteCount)):
                if encoded.count != byteCount || Unicode.UTF8.decode(encoded).value != scalar {
                    failures += 1
                }
            case (.error, .invalid), (.error, .truncated): break
            default: failures += 1
            }
        }
        #expect(failures == 0)
    }

    @Test(arguments: [[0xc3], [0xe2], [0xe2, 0x82], [0xf0, 0x9f, 0x98]] as [[UInt8]])
    func tellsTruncatedFromInvalid(bytes: [UInt8]) {
        #expect(UTF8Sequence.decode(bytes.span, at: 0) == .truncated)
        #expect(UTF8Sequence.decode((bytes + [0x41]).span, at: 0) == .invalid)
    }
}
