/// A strict reader of the Prometheus text format, for tests: what it does not expect, it reports.
///
/// Written from the format's description, apart from the writer.
struct ExpositionParser {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Family: Equatable {
        var help: String
        var type: String
    }

    private(set) var families: [String: Family] = [:]
    /// Value by series: name, then labels as `key=value` in the order written.
    private(set) var series: [String: String] = [:]

    init(_ bytes: [UInt8]) throws(Failure) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(description: "not UTF-8")
        }
        guard text.hasSuffix("\n") else { throw Failure(description: "last line not ended") }
        var current = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") {
                let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard parts.count == 2, self.families[String(parts[0])] == nil else {
                    throw Failure(description: "bad or second HELP: \(line)")
                }
                current = String(parts[0])
                self.families[current] = Family(help: String(parts[1]), type: "")
            } else if line.hasPrefix("# TYPE ") {
                let parts = line.dropFirst(7).split(separator: " ")
                guard parts.count == 2, parts[0] == current, self.families[current]?.type == "",
                    ["counter", "gauge", "histogram"].contains(parts[1])
                else { throw Failure(description: "bad TYPE: \(line)") }
                self.families[current]?.type = String(parts[1])
            } else {
                try self.readSample(String(line), family: current)
            }
        }
    }

    private mutating func readSample(_ line: String, family: String) throws(Failure) {
        var rest = Substring(line)
        let name = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        rest = rest.dropFirst(name.count)
        let isHistogram = self.families[family]?.type == "histogram"
        let names = isHistogram ? ["_bucket", "_sum", "_count"].map { family + $0 } : [family]
        guard names.contains(name), self.families[family]?.type != "" else {
            throw Failure(description: "\(line) does not belong to \(family)")
        }
        var key = name
        if rest.first == "{" {
            rest.removeFirst()
            repeat {
                key += try "|" + self.readLabel(&rest)
                guard let separator = rest.popFirst(), ",}".contains(separator) else {
                    throw Failure(description: "labels not ended: \(line)")
                }
                if separator == "}" { break }
            } while true
        }
        guard rest.popFirst() == " ", let value = Double(rest), value >= 0 else {
            throw Failure(description: "bad value: \(line)")
        }
        guard self.series.updateValue(String(rest), forKey: key) == nil else {
            throw Failure(description: "second series: \(line)")
        }
    }

    private func readLabel(_ rest: inout Substring) throws(Failure) -> String {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty, rest.hasPrefix("=\"") else {
            throw Failure(description: "bad label at: \(rest)")
        }
        rest = rest.dropFirst(2)
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\" {
                switch rest.popFirst() {
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                case "n": value.append("\n")
                default: throw Failure(description: "bad escape")
                }
            } else {
                value.append(character)
            }
        }
        return "\(name)=\(value)"
    }
}
