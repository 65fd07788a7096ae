import MartletHTTP
import Testing

@Suite struct LineAssemblerTests {
    /// The lines of a text, and what stopped the reading.
    private func lines(_ pieces: [[UInt8]], bytesMax: Int = 64) -> ([String], LineAssembler.Step) {
        var assembler = LineAssembler()
        var store = HeaderList()
        var lines: [String] = []
        for piece in pieces {
            var position = 0
            while position < piece.count {
                let step = assembler.next(
                    piece.span, at: &position, store: &store, bytesMax: bytesMax)
                switch step {
                case .line(let range): lines.append(store.text(range))
                case .needsMore: break
                case .tooLong, .failed: return (lines, step)
                }
            }
        }
        return (lines, .needsMore)
    }

    @Test(arguments: [
        ("a\r\nbc\r\n\r\n", ["a", "bc", ""], LineAssembler.Step.needsMore),
        ("a\r\nb", ["a"], .needsMore), ("a\rb\r\n", ["a\rb"], .needsMore),
        ("a\n", [], .failed(.bareLineFeed)), ("\n", [], .failed(.bareLineFeed)),
        ("a\r\n\n", ["a"], .failed(.bareLineFeed)),
    ])
    func lines(text: String, expected: [String], last: LineAssembler.Step) {
        let bytes = Array(text.utf8)
        for pieces in [[bytes]] + cuts(bytes) + [bytes.map { [$0] }] {
            let (lines, step) = self.lines(pieces)
            #expect(lines == expected)
            #expect(step == last)
        }
    }

    @Test func theLimitIsExactOverTheWholeSection() {
        let bytes = Array("1234\r\n56\r\n".utf8)
        for pieces in [[bytes], bytes.map { [$0] }] {
            #expect(self.lines(pieces, bytesMax: bytes.count).1 == .needsMore)
            #expect(self.lines(pieces, bytesMax: bytes.count - 1).1 == .tooLong)
        }
    }
}
