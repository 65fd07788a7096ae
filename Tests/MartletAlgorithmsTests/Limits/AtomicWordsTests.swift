import Dispatch
import MartletAlgorithms
import Testing

@Suite struct AtomicWordsTests {
    /// So that threads and macros can hold them.
    private final class Words: Sendable {
        let words: AtomicWords

        init?(lineCount: Int) {
            guard let words = AtomicWords(lineCount: lineCount) else { return nil }
            self.words = words
        }

        var lineCount: Int { self.words.lineCount }
        var byteCount: Int { self.words.byteCount }

        func load(_ line: Int, _ word: Int) -> UInt64 { self.words.load(line: line, word: word) }

        func exchange(_ line: Int, _ word: Int, _ expected: UInt64, for value: UInt64) -> Bool {
            self.words.exchange(line: line, word: word, expected, for: value)
        }
    }

    @Test func wordsAreZeroAtFirstAndChangeOneByOne() throws {
        let words = try #require(Words(lineCount: 3))
        #expect(words.lineCount == 3 && words.byteCount == 192)
        #expect(words.load(2, 7) == 0)
        #expect(words.exchange(2, 7, 0, for: 5))
        #expect(!words.exchange(2, 7, 0, for: 6))
        #expect(words.load(2, 7) == 5)
        #expect(words.load(2, 6) == 0)
    }

    @Test func everyHashFallsIntoALine() throws {
        let words = try #require(Words(lineCount: 10))
        #expect(words.words.line(of: 0) == 0)
        #expect(words.words.line(of: UInt64.max) == 9)
        var random = SeededRandom(seed: 1)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 { counts[words.words.line(of: random.next())] += 1 }
        #expect(counts.allSatisfy { 850...1150 ~= $0 })
    }

    @Test func lineCountsThatAreNoneOrTooManyAreRefusedOrRaised() {
        #expect(Words(lineCount: .max) == nil)
        #expect(Words(lineCount: 1 << 55) == nil)
        #expect(Words(lineCount: -1)?.lineCount == 1)
    }

    @Test func noChangeIsLostBetweenThreads() throws {
        let words = try #require(Words(lineCount: 1))
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<20_000 {
                while true {
                    let value = words.load(0, 3)
                    if words.exchange(0, 3, value, for: value + 1) { break }
                }
            }
        }
        #expect(words.load(0, 3) == 80_000)
    }
}
