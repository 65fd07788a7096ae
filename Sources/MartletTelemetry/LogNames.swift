import MartletHTTP

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
            let opening = Array(",\"\(key)\":\"".utf8)
            let name = Array(name.utf8)
            self.bytes.append(room: opening.count + name.count + 1) { cursor in
                cursor.write(opening)
                JSONText.write(name.span, to: &cursor)
                cursor.writeByte(UInt8(ascii: "\""))
            }
            self.starts.append(self.bytes.count)
        }
    }

    var count: Int { self.starts.count &- 1 }

    /// Writes a name by its index; an index that names nothing writes nothing.
    func write(_ index: Int, to cursor: inout ByteCursor) {
        guard index >= 0, index < self.count else { return }
        cursor.write(self.bytes.span.extracting(self.starts[index]..<self.starts[index &+ 1]))
    }
}
