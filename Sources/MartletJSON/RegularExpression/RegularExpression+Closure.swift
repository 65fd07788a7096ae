extension RegularExpression {
    /// What stands before and behind a place in a text, as far as assertions ask.
    enum Context: UInt8, BitwiseCopyable, Hashable {
        /// The text's beginning, or its end.
        case edge
        case word
        case other

        init(isWord: Bool) { self = isWord ? .word : .other }
    }

    /// The instructions that can be reached from others without a character, each once.
    ///
    /// Scratch memory of the compiler and of the matcher; bounded by the program.
    struct Closure: Sendable {
        /// Those that wait for a character, in the order in which they were found.
        private(set) var waiting: ContiguousArray<UInt32> = []
        /// Whether the program has matched.
        private(set) var hasMatched = false
        /// Instructions looked at since the last one began.
        private(set) var steps = 0
        private var pending: ContiguousArray<UInt32> = []
        /// The round in which an instruction was seen last.
        private var seen: ContiguousArray<UInt32> = []
        private var round: UInt32 = 0

        init() {}

        mutating func begin(_ program: Program) {
            let count = program.instructions.count
            if self.seen.count < count || self.round == .max {
                self.seen = ContiguousArray(repeating: 0, count: max(count, self.seen.count))
                self.round = 0
            }
            self.round &+= 1
            self.waiting.removeAll(keepingCapacity: true)
            self.hasMatched = false
            self.steps = 0
        }

        mutating func add(
            _ start: UInt32, of program: Program,
            before: Context, behind: Context
        ) {
            self.pending.append(start)
            while let index = self.pending.popLast() {
                self.steps &+= 1
                guard self.seen[Int(index)] != self.round else { continue }
                self.seen[Int(index)] = self.round
                let instruction = program.instructions[Int(index)]
                let isBoundary = (before == .word) != (behind == .word)
                switch instruction.kind {
                case .set: self.waiting.append(index)
                case .match: self.hasMatched = true
                case .split:
                    self.pending.append(instruction.argument)
                    self.pending.append(instruction.next)
                case .assertStart: if before == .edge { self.pending.append(instruction.next) }
                case .assertEnd: if behind == .edge { self.pending.append(instruction.next) }
                case .assertWordBoundary: if isBoundary { self.pending.append(instruction.next) }
                case .assertNotWordBoundary:
                    if !isBoundary { self.pending.append(instruction.next) }
                }
            }
        }
    }
}
