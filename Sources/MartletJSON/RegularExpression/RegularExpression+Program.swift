extension RegularExpression {
    /// A compiled expression as a non-deterministic automaton (Thompson, 1968).
    ///
    /// Immutable. Bounded by the count of instructions that it was compiled with.
    struct Program: Sendable {
        enum Kind: UInt8, BitwiseCopyable {
            /// One character of the class set `argument`, then `next`.
            case set
            /// Both `next` and `argument`.
            case split
            case assertStart, assertEnd, assertWordBoundary, assertNotWordBoundary
            case match
        }

        struct Instruction: BitwiseCopyable {
            var kind: Kind
            var next: UInt32
            var argument: UInt32 = 0
        }

        private(set) var instructions: ContiguousArray<Instruction> = []
        private(set) var start: UInt32 = 0
        /// The different sets of its instructions.
        private(set) var sets: [ScalarSet] = []
        /// Whether it can match at the beginning of a text only.
        let isAnchored: Bool
        private(set) var assertsWords = false
        private var setIndices: [ScalarSet: Int] = [:]
        private let countMax: Int

        init(_ syntax: Syntax, countMax: Int) throws(RegularExpressionError) {
            self.countMax = countMax
            self.isAnchored = syntax.isAnchored
            let match = try self.append(.match, next: 0)
            self.start = try self.compile(syntax, next: match)
            self.setIndices = [:]
        }

        private mutating func append(
            _ kind: Kind, next: UInt32, argument: UInt32 = 0
        ) throws(RegularExpressionError) -> UInt32 {
            guard self.instructions.count < self.countMax else {
                throw RegularExpressionError(.tooLarge, at: 0)
            }
            self.instructions.append(Instruction(kind: kind, next: next, argument: argument))
            return UInt32(self.instructions.count - 1)
        }

        /// Compiles what comes before `next`, and returns where it begins.
        ///
        /// As deep as the pattern is.
        private mutating func compile(
            _ syntax: Syntax, next: UInt32
        ) throws(RegularExpressionError) -> UInt32 {
            switch syntax {
            case .set(let set):
                let index = self.setIndices[set] ?? self.sets.count
                if index == self.sets.count {
                    self.sets.append(set)
                    self.setIndices[set] = index
                }
                return try self.append(.set, next: next, argument: UInt32(index))
            case .assertion(let assertion):
                switch assertion {
                case .start: return try self.append(.assertStart, next: next)
                case .end: return try self.append(.assertEnd, next: next)
                case .wordBoundary:
                    self.assertsWords = true
                    return try self.append(.assertWordBoundary, next: next)
                case .notWordBoundary:
                    self.assertsWords = true
                    return try self.append(.assertNotWordBoundary, next: next)
                }
            case .sequence(let parts):
                var start = next
                for part in parts.reversed() { start = try self.compile(part, next: start) }
                return start
            case .alternatives(let parts):
                var starts: [UInt32] = []
                for part in parts { starts.append(try self.compile(part, next: next)) }
                var start = starts.removeLast()
                for other in starts.reversed() {
                    start = try self.append(.split, next: other, argument: start)
                }
                return start
            case .repeated(let part, let least, let most):
                return try self.compile(part, least: least, most: most, next: next)
            }
        }

        private mutating func compile(
            _ part: Syntax, least: Int, most: Int?, next: UInt32
        ) throws(RegularExpressionError) -> UInt32 {
            var start = next
            if let most {
                for _ in least..<max(least, most) {
                    let body = try self.compile(part, next: start)
                    // A part that says nothing may be repeated for nothing.
                    guard body != start else { return next }
                    start = try self.append(.split, next: body, argument: next)
                }
            } else {
                start = try self.append(.split, next: next, argument: next)
                self.instructions[Int(start)].next = try self.compile(part, next: start)
            }
            for _ in 0..<least {
                let body = try self.compile(part, next: start)
                guard body != start else { break }
                start = body
            }
            return start
        }
    }
}
