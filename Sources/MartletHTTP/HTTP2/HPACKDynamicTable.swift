/// The fields that a peer's encoder may refer to (RFC 7541 §2.3.2), the youngest first.
///
/// One ring of bytes, in which each field is the line `name: value CR LF`, and one ring of what is
/// known of them. Owned by a decoder. Bounded by the size that was announced to the peer: 32 is
/// counted for each field and a line takes 4, so the lines take less. Memory comes with use.
struct HPACKDynamicTable: ~Copyable {
    private struct Entry: BitwiseCopyable {
        var start: Int
        var field: HPACKField
    }

    private static let bytesMin = 512
    private static let entriesMin = 8

    /// Both capacities are powers of two.
    private var bytes: ContiguousArray<UInt8> = []
    private var entries: ContiguousArray<Entry> = []
    private var firstByte = 0
    private var byteCount = 0
    private var firstEntry = 0
    private(set) var count = 0
    /// As RFC 7541 §4.1 counts.
    private(set) var size = 0
    /// What the encoder has chosen.
    private(set) var sizeMax: Int

    init(sizeMax: Int) { self.sizeMax = sizeMax }

    /// The field at `index`, 0 being the youngest; `nil` if there is none.
    subscript(index: Int) -> HPACKField? {
        index >= 0 && index < self.count ? self.entries[self.place(index)].field : nil
    }

    private func place(_ index: Int) -> Int {
        (self.firstEntry + self.count - 1 - index) & (self.entries.count - 1)
    }

    /// Puts a part of a field's line, `range`, at the end of a list's bytes.
    func append(_ range: Range<Int>, of index: Int, to headers: inout HeaderList) {
        let start = self.entries[self.place(index)].start + range.lowerBound
        let first = start & (self.bytes.count - 1)
        let head = min(range.count, self.bytes.count - first)
        headers.appendBytes(self.bytes.span.extracting(first..<(first + head)))
        if head < range.count {
            headers.appendBytes(self.bytes.span.extracting(0..<(range.count - head)))
        }
    }

    /// Puts a field in; one that is larger than the table empties it (RFC 7541 §4.4).
    ///
    /// - `line`: `name: value CR LF`.
    mutating func insert(_ field: HPACKField, line: Span<UInt8>) {
        self.evict(to: self.sizeMax - field.size)
        guard field.size <= self.sizeMax else { return }
        if self.count == self.entries.count { self.growEntries() }
        if self.byteCount + line.count > self.bytes.count { self.growBytes(for: line.count) }
        let start = (self.firstByte + self.byteCount) & (self.bytes.count - 1)
        self.write(line, at: start)
        self.byteCount += line.count
        let place = (self.firstEntry + self.count) & (self.entries.count - 1)
        self.entries[place] = Entry(start: start, field: field)
        self.count += 1
        self.size += field.size
    }

    mutating func resize(to sizeMax: Int) {
        self.sizeMax = sizeMax
        self.evict(to: sizeMax)
    }

    /// Drops the oldest fields until at most `size` is left.
    private mutating func evict(to size: Int) {
        while self.size > size, self.count > 0 {
            let field = self.entries[self.firstEntry].field
            self.firstEntry = (self.firstEntry + 1) & (self.entries.count - 1)
            self.firstByte = (self.firstByte + field.lineCount) & (self.bytes.count - 1)
            self.byteCount -= field.lineCount
            self.count -= 1
            self.size -= field.size
        }
    }

    // MARK: Memory

    private mutating func write(_ line: Span<UInt8>, at start: Int) {
        let head = min(line.count, self.bytes.count - start)
        unsafe self.bytes.withUnsafeMutableBytes { bytes in
            unsafe line.withUnsafeBytes { line in
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + head)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: line[..<head]))
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[..<(line.count - head)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: line[head...]))
            }
        }
    }

    private mutating func growBytes(for added: Int) {
        var capacity = max(self.bytes.count * 2, Self.bytesMin)
        while capacity < self.byteCount + added { capacity *= 2 }
        var grown: ContiguousArray<UInt8> = []
        grown.reserveCapacity(capacity)
        for index in 0..<self.byteCount {
            grown.append(self.bytes[(self.firstByte + index) & (self.bytes.count - 1)])
        }
        for index in 0..<self.count {
            let place = self.place(index)
            let start = self.entries[place].start - self.firstByte
            self.entries[place].start = start & (self.bytes.count - 1)
        }
        grown.append(contentsOf: repeatElement(0, count: capacity - self.byteCount))
        self.bytes = grown
        self.firstByte = 0
    }

    private mutating func growEntries() {
        let none = Entry(start: 0, field: HPACKField(nameCount: 0, valueCount: 0))
        let capacity = max(self.entries.count * 2, Self.entriesMin)
        var grown = ContiguousArray(repeating: none, count: capacity)
        for index in 0..<self.count {
            grown[index] = self.entries[(self.firstEntry + index) & (self.entries.count - 1)]
        }
        self.entries = grown
        self.firstEntry = 0
    }
}
