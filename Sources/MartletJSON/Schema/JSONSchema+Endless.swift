extension JSONSchema.Compiler {
    /// Tells of a schema that applies itself to the very value that it is applied to: a check by it
    /// would have no end.
    ///
    /// Walks the schemas with a stack of its own, each edge once.
    mutating func findEndlessReference() {
        enum Mark: UInt8 { case new, open, done }
        let count = self.program.subschemas.count
        var marks = ContiguousArray(repeating: Mark.new, count: count)
        for start in 0..<count where marks[start] == .new {
            var stack: [(index: Int, next: Int, edges: [UInt32])] = []
            stack.append((start, 0, self.program.applied(by: start)))
            marks[start] = .open
            while let (index, next, edges) = stack.last {
                guard next < edges.count else {
                    marks[index] = .done
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let target = Int(edges[next])
                switch marks[target] {
                case .done: continue
                case .open:
                    let place = self.place(of: edges[next])
                    return self.library.report(.endless, at: place ?? .init(document: 0, node: 0))
                case .new:
                    marks[target] = .open
                    stack.append((target, 0, self.program.applied(by: target)))
                }
            }
        }
    }
}

extension JSONSchema.Program {
    /// The subschemas that one applies to the value that it is itself applied to.
    func applied(by index: Int) -> [UInt32] {
        var edges: [UInt32] = []
        let subschema = self.subschemas[index]
        let first = Int(subschema.firstInstruction)
        for instruction in self.instructions[first..<first + Int(subschema.instructionCount)] {
            switch instruction.keyword {
            case .reference, .dynamicReference, .not: edges.append(instruction.first)
            case .dependentSchemas: edges.append(instruction.second)
            case .allOf, .anyOf, .oneOf:
                let start = Int(instruction.first)
                edges += self.lists[start..<start + Int(instruction.second)]
            case .if:
                let condition = self.conditions[Int(instruction.first)]
                edges += [condition.test, condition.then, condition.otherwise]
                    .filter { $0 != Self.none }
            default: continue
            }
        }
        return edges
    }
}
