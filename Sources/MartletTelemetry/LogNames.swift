/// Names as members of a JSON object, `,"route":"orders"`, escaped when the plan is taken up.
///
/// One byte store for all of a kind, so that writing a name is one copy and touches no
/// reference count. Owned by an encoder; as large as the configuration's names.
struct LogNames {
    private var bytes: [UInt8] = []
    /// Where each name begins; one more, where the last ends.
    private var starts: [Int] = [0]

    init(_ key: String, _ names: [String]) {
        for name in names {
            self.bytes.append(contentsOf: ",\"\(key)\":\"".utf8)
            JSONText.append(Array(name.utf8).span, to: &self.bytes)
            self.bytes.append(UInt8(ascii: "\""))
            self.starts.append(self.bytes.count)
        }
    }

    var count: Int { self.starts.count &- 1 }

    /// Appends a name by its index; an index that names nothing appends nothing.
    func append(_ index: Int, to bytes: inout [UInt8]) {
        guard index >= 0, index < self.count else { return }
        bytes.append(self.bytes.span.extracting(self.starts[index]..<self.starts[index &+ 1]))
    }
}
