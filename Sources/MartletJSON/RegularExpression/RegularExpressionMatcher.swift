/// Memory and budget for matching expressions whose tables would be too large: their program is run
/// instead, all of its paths at once, so that time is linear all the same.
///
/// Owned by a worker and used again, then without allocating; bounded by the largest program.
package struct RegularExpressionMatcher: Sendable {
    /// Instructions that may still be looked at; below 0 a result means nothing.
    ///
    /// Only programs count, as a table takes one step a character.
    package var steps = Int.max
    private var closure = RegularExpression.Closure()
    private var cores: ContiguousArray<UInt32> = []

    package init() {}

    mutating func matches(
        _ bytes: Span<UInt8>, _ program: RegularExpression.Program,
        _ classes: RegularExpression.Classes,
        _ membership: [[Bool]], _ isWord: [Bool]
    ) -> Bool {
        self.cores.removeAll(keepingCapacity: true)
        self.cores.append(program.start)
        var before = RegularExpression.Context.edge
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let column: Int
            if byte < 0x80 {
                column = Int(classes.ofASCII(byte))
                index &+= 1
            } else {
                column = Int(classes.ofSequence(bytes, at: &index))
            }
            let behind = RegularExpression.Context(isWord: isWord[column])
            if self.close(program, before: before, behind: behind) { return true }
            guard self.steps >= 0 else { return false }
            self.cores.removeAll(keepingCapacity: true)
            for waiting in self.closure.waiting {
                let instruction = program.instructions[Int(waiting)]
                if membership[Int(instruction.argument)][column] {
                    self.cores.append(instruction.next)
                }
            }
            if !program.isAnchored {
                self.cores.append(program.start)
            } else if self.cores.isEmpty {
                return false
            }
            before = behind
        }
        return self.close(program, before: before, behind: .edge)
    }

    private mutating func close(
        _ program: RegularExpression.Program, before: RegularExpression.Context,
        behind: RegularExpression.Context
    ) -> Bool {
        self.closure.begin(program)
        for core in self.cores {
            self.closure.add(core, of: program, before: before, behind: behind)
        }
        self.steps &-= self.closure.steps
        return self.closure.hasMatched
    }
}
