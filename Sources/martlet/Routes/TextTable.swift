/// Rows of text in columns as wide as their widest cell; empty columns are left out.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []

    init(header: [String]) {
        self.header = header
    }

    mutating func add(_ row: [String]) {
        self.rows.append(row)
    }

    var text: String {
        let shown = self.header.indices.filter { column in
            self.rows.contains { !$0[column].isEmpty }
        }
        let lines = [self.header] + self.rows
        let widths = shown.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            var text = ""
            for (column, width) in zip(shown, widths) {
                text += line[column]
                text += String(repeating: " ", count: width - line[column].count + 2)
            }
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }
}
