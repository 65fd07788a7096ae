/// Which detectors have a word in a text: one pass over its bytes, whatever the number of words.
///
/// An Aho-Corasick automaton as a table of transitions, made once. It only chooses detectors, so
/// words are cut to their first bytes: that keeps the table small and finds no less.
struct KeywordAutomaton: Sendable {
    /// Enough of a word to choose a detector by.
    static let prefixBytesMax = 8
    private static let stride = 6  // as a shift: 64 classes of bytes

    private var transitions: [UInt16]
    private var outputs: [UInt32]
    /// Bytes of the longest word that ends in a state.
    private var lengths: [UInt8] = [0]
    private let classes: [UInt8]

    /// Words without regard to case, each list with the bits of the detectors that it calls.
    ///
    /// - `wordBytesMax`: longer words are cut to it.
    init(_ lists: [(gates: KeywordGates, words: [[UInt8]])], wordBytesMax: Int = .max) {
        self.classes = Self.classTable()
        self.transitions = [UInt16](repeating: 0, count: 1 << Self.stride)
        self.outputs = [0]
        for list in lists {
            for word in list.words { self.insert(word.prefix(wordBytesMax), list.gates) }
        }
        self.link()
    }

    private static func classTable() -> [UInt8] {
        var classes = [UInt8](repeating: 0, count: 256)
        var next: UInt8 = 1
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") {
            classes[Int(byte)] = next
            classes[Int(byte & 0xdf)] = next
            next += 1
        }
        for byte in "0123456789_-./\\:$%#(){}[]<>@!~ ?*=;".utf8 {
            classes[Int(byte)] = next
            next += 1
        }
        precondition(next <= 63)
        // What is left of visible ASCII shares a class: words that differ in it only are one word.
        for byte in 0x21..<0x7f where classes[byte] == 0 { classes[byte] = 63 }
        return classes
    }

    /// A word with bytes that are not visible ASCII is left out, and so is one too many.
    private mutating func insert(_ word: ArraySlice<UInt8>, _ gates: KeywordGates) {
        guard !word.isEmpty, self.outputs.count + word.count < Int(UInt16.max),
            word.allSatisfy({ self.classes[Int($0)] != 0 })
        else { return }
        var state = 0
        for byte in word {
            let place = state << Self.stride | Int(self.classes[Int(byte)])
            if self.transitions[place] == 0 {
                self.transitions[place] = UInt16(self.outputs.count)
                self.outputs.append(0)
                self.lengths.append(0)
                self.transitions += [UInt16](repeating: 0, count: 1 << Self.stride)
            }
            state = Int(self.transitions[place])
        }
        self.outputs[state] |= gates.rawValue
        self.lengths[state] = UInt8(clamping: word.count)
    }

    /// Fills in what follows where a word breaks off, breadth first.
    private mutating func link() {
        var failures = [UInt16](repeating: 0, count: self.outputs.count)
        var queue: [Int] = []
        for byteClass in 0..<1 << Self.stride where self.transitions[byteClass] != 0 {
            queue.append(Int(self.transitions[byteClass]))
        }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            let failure = Int(failures[state])
            self.outputs[state] |= self.outputs[failure]
            self.lengths[state] = max(self.lengths[state], self.lengths[failure])
            for byteClass in 0..<1 << Self.stride {
                let place = state << Self.stride | byteClass
                let fallback = self.transitions[failure << Self.stride | byteClass]
                if self.transitions[place] == 0 {
                    self.transitions[place] = fallback
                } else {
                    failures[Int(self.transitions[place])] = fallback
                    queue.append(Int(self.transitions[place]))
                }
            }
        }
    }

    var stateCount: Int { self.outputs.count }

    struct Match {
        var range: Range<Int>
        var gates: KeywordGates
    }

    /// The first word that ends behind `start`; of words that end together the longest.
    func first(in text: Span<UInt8>, from start: Int) -> Match? {
        var state = 0
        for index in start..<max(start, text.count) {
            let byteClass = Int(self.classes[Int(text[index])])
            state = Int(self.transitions[state &<< Self.stride | byteClass])
            if self.outputs[state] != 0 {
                return Match(
                    range: index + 1 - Int(self.lengths[state])..<index + 1,
                    gates: KeywordGates(rawValue: self.outputs[state]))
            }
        }
        return nil
    }

    /// The gates of all words in a text.
    ///
    /// Without bounds checks, as each byte of each request may pass here: a class is below 64 and a
    /// state below the number of rows, both by construction.
    func gates(of text: Span<UInt8>) -> KeywordGates {
        var gates: UInt32 = 0
        unsafe text.withUnsafeBufferPointer { text in
            unsafe self.transitions.withUnsafeBufferPointer { transitions in
                unsafe self.outputs.withUnsafeBufferPointer { outputs in
                    unsafe self.classes.withUnsafeBufferPointer { classes in
                        var state = 0
                        for index in 0..<text.count {
                            let byteClass = unsafe Int(classes[Int(text[index])])
                            state = unsafe Int(transitions[state &<< Self.stride | byteClass])
                            unsafe gates |= outputs[state]
                        }
                    }
                }
            }
        }
        return KeywordGates(rawValue: gates)
    }
}

/// The detectors that a word calls.
struct KeywordGates: OptionSet, Sendable {
    let rawValue: UInt32

    static let sql = KeywordGates(rawValue: 1 << 0)
    static let script = KeywordGates(rawValue: 1 << 1)
    static let file = KeywordGates(rawValue: 1 << 2)
    static let address = KeywordGates(rawValue: 1 << 3)
    static let command = KeywordGates(rawValue: 1 << 4)
    static let windows = KeywordGates(rawValue: 1 << 5)
    static let php = KeywordGates(rawValue: 1 << 6)
    static let java = KeywordGates(rawValue: 1 << 7)
    static let code = KeywordGates(rawValue: 1 << 8)
    static let http = KeywordGates(rawValue: 1 << 9)
    static let scanner = KeywordGates(rawValue: 1 << 10)
    static let xml = KeywordGates(rawValue: 1 << 11)
}
