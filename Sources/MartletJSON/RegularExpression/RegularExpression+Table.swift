extension RegularExpression {
    /// A deterministic automaton: one row a state, one column a class of characters.
    ///
    /// Built whole when an expression is compiled, so that matching needs no memory and many
    /// threads can share it. Bounded by the budget it is built with; what does not fit is matched
    /// by `RegularExpressionMatcher`.
    struct Table: Sendable {
        /// What a table may cost.
        struct Budget: Sendable {
            /// Bytes of the table.
            var bytesMax: Int
            /// Instructions looked at while it is built.
            var stepsMax: Int
        }

        /// The state from which nothing can match, and the one that has matched.
        static let dead: UInt16 = 0
        static let matched: UInt16 = 1

        private var transitions: ContiguousArray<UInt16> = []
        /// Whether a text that ends in a state matches.
        private var accepts: ContiguousArray<Bool> = []
        private let start: UInt16
        private let width: Int

        /// Instructions that wait for a character, before their closure, and what stood before
        /// them.
        private struct State: Hashable {
            var cores: [UInt32]
            var before: Context
        }

        /// `nil` if the budget does not suffice.
        init?(
            _ program: Program, _ classes: Classes, _ membership: [[Bool]],
            budget: Budget
        ) {
            self.width = classes.count + 1
            self.start = 2
            var builder = Builder(
                program: program, membership: membership, width: self.width,
                isWord: program.assertsWords
                    ? classes.membership(of: .word) : [Bool](repeating: false, count: self.width))
            let statesMax = min(Int(UInt16.max), budget.bytesMax / (self.width * 2))
            while builder.next < builder.states.count {
                guard builder.states.count <= statesMax, builder.steps <= budget.stepsMax else {
                    return nil
                }
                builder.buildRow()
            }
            self.transitions = builder.transitions
            self.accepts = builder.accepts
        }

        /// The subset construction, a row at a time.
        private struct Builder {
            let program: Program
            let membership: [[Bool]]
            let width: Int
            let isWord: [Bool]
            var states: [State] = []
            var numbers: [State: UInt16] = [:]
            var transitions: ContiguousArray<UInt16> = []
            var accepts: ContiguousArray<Bool> = []
            var next = 2
            var steps = 0
            private var closure = Closure()

            init(
                program: Program, membership: [[Bool]], width: Int, isWord: [Bool]
            ) {
                self.program = program
                self.membership = membership
                self.width = width
                self.isWord = isWord
                // The dead state and the one that has matched lead to themselves.
                for number in [Table.dead, Table.matched] {
                    self.states.append(State(cores: [], before: .edge))
                    self.transitions += Array(repeating: number, count: width)
                    self.accepts.append(number == Table.matched)
                }
                _ = self.number(of: State(cores: [program.start], before: .edge))
            }

            mutating func number(of state: State) -> UInt16 {
                if state.cores.isEmpty { return Table.dead }
                if let number = self.numbers[state] { return number }
                let number = UInt16(truncatingIfNeeded: self.states.count)
                self.states.append(state)
                self.numbers[state] = number
                return number
            }

            mutating func close(_ state: State, behind: Context) {
                self.closure.begin(self.program)
                for core in state.cores {
                    self.closure.add(core, of: self.program, before: state.before, behind: behind)
                }
                self.steps += self.closure.steps
            }

            mutating func buildRow() {
                let state = self.states[self.next]
                self.next += 1
                self.close(state, behind: .edge)
                self.accepts.append(self.closure.hasMatched)
                var row = [UInt16](repeating: Table.dead, count: self.width)
                for context in [Context.word, .other] {
                    let columns = (0..<self.width).filter { self.isWord[$0] == (context == .word) }
                    guard !columns.isEmpty else { continue }
                    self.close(state, behind: context)
                    for column in columns {
                        row[column] =
                            self.closure.hasMatched
                            ? Table.matched : self.step(column, to: context)
                    }
                }
                self.transitions += row
            }

            private mutating func step(
                _ column: Int, to context: Context
            ) -> UInt16 {
                var cores: Set<UInt32> = []
                for index in self.closure.waiting {
                    let instruction = self.program.instructions[Int(index)]
                    if self.membership[Int(instruction.argument)][column] {
                        cores.insert(instruction.next)
                    }
                }
                self.steps += self.closure.waiting.count
                if !self.program.isAnchored { cores.insert(self.program.start) }
                return self.number(of: State(cores: cores.sorted(), before: context))
            }
        }

        func matches(_ bytes: Span<UInt8>, _ classes: Classes) -> Bool {
            var state = Int(self.start)
            var index = 0
            let transitions = self.transitions.span
            while index < bytes.count {
                let byte = bytes[index]
                let column: UInt8
                if byte < 0x80 {
                    column = classes.ofASCII(byte)
                    index &+= 1
                } else {
                    column = classes.ofSequence(bytes, at: &index)
                }
                state = Int(transitions[state &* self.width &+ Int(column)])
                if state <= Int(Self.matched) { return state == Int(Self.matched) }
            }
            return self.accepts[state]
        }
    }
}
