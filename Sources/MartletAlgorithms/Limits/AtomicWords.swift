import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A fixed number of words that every thread reads and changes without a lock.
///
/// In lines of eight, each one line of the processor's cache. All are zero at first, and take no
/// memory before they are touched.
// SAFETY: the pointers are constant, the memory is theirs until `deinit`, and every access to it is
// atomic.
@safe package struct AtomicWords: ~Copyable, @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    package let lineCount: Int

    package static let wordsPerLine = 8
    private static let lineBytes = 64

    /// `nil` if there is no memory for so many.
    package init?(lineCount: Int) {
        let lineCount = max(1, lineCount)
        // One line more, so that the first can begin where a line of the cache does.
        let (count, isOver) = lineCount.addingReportingOverflow(1)
        guard !isOver, let memory = unsafe calloc(count, Self.lineBytes) else { return nil }
        unsafe self.memory = unsafe memory
        let aligned = unsafe memory.alignedUp(toMultipleOf: Self.lineBytes)
        // An atomic word of zero is eight zero bytes.
        unsafe self.words = unsafe aligned.bindMemory(
            to: Atomic<UInt64>.self, capacity: lineCount * Self.wordsPerLine)
        self.lineCount = lineCount
    }

    deinit { unsafe free(self.memory) }

    package var byteCount: Int { self.lineCount * Self.lineBytes }

    private func index(_ line: Int, _ word: Int) -> Int {
        precondition(0..<self.lineCount ~= line && 0..<Self.wordsPerLine ~= word)
        return line &* Self.wordsPerLine &+ word
    }

    package func load(line: Int, word: Int) -> UInt64 {
        let index = self.index(line, word)
        return unsafe self.words[index].load(ordering: .acquiring)
    }

    /// Puts `value` in the place of `expected`, and only of `expected`.
    package func exchange(line: Int, word: Int, _ expected: UInt64, for value: UInt64) -> Bool {
        let index = self.index(line, word)
        return unsafe self.words[index].compareExchange(
            expected: expected, desired: value, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// The line that a hash falls into.
    package func line(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(self.lineCount)).high)
    }
}
