/// One header line: where its name and value lie in the list's bytes.
package struct HeaderField: Sendable, BitwiseCopyable {
    package var name: ByteRange
    package var value: ByteRange
    package var known: HeaderName
    /// Not forwarded.
    ///
    /// Fields are marked, never moved, so that ranges stay true.
    package var isRemoved: Bool
    /// The bytes from the name's start to two past the value's end are exactly `name: value CR LF`.
    package var isVerbatimLine: Bool

    package init(name: ByteRange, value: ByteRange, known: HeaderName, isVerbatimLine: Bool) {
        self.name = name
        self.value = value
        self.known = known
        self.isRemoved = false
        self.isVerbatimLine = isVerbatimLine
    }
}

/// A line that has been begun in a list's byte store and has no end yet.
package struct OpenField: Sendable, BitwiseCopyable {
    package let name: ByteRange
    package let known: HeaderName
    package let valueStart: Int
}

/// Header fields in the order received, over one byte store that is reused from head to head.
///
/// The store also holds the start line, so that a head is one allocation that is made once.
/// Owned by a head, confined to its loop, bounded by the listener's header limits plus what the
/// route's edits add.
package struct HeaderList: ~Copyable {
    package private(set) var bytes = ByteStore()
    package private(set) var fields: ContiguousArray<HeaderField> = []
    /// A bit for each known name that some field, removed ones included, has had.
    package private(set) var presence: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { self.fields.isEmpty }

    /// Forgets everything; keeps the memory up to `capacityMax` bytes.
    package mutating func removeAll(keepingCapacityUpTo capacityMax: Int = 16 * 1024) {
        self.bytes.removeAll(keepingCapacityUpTo: capacityMax)
        self.fields.removeAll(keepingCapacity: self.fields.capacity <= 256)
        self.presence = 0
    }

    /// Makes it the same as another, in bytes of its own.
    package mutating func copy(_ other: borrowing HeaderList) {
        self.removeAll()
        self.bytes.append(other.bytes.span)
        self.fields = other.fields
        self.presence = other.presence
    }

    /// Borrowed bytes of a range.
    @_lifetime(borrow self)
    package func span(_ range: ByteRange) -> Span<UInt8> {
        self.bytes.span.extracting(range.indices)
    }

    /// A range as text.
    ///
    /// Allocates.
    package func text(_ range: ByteRange) -> String { self.span(range).text }

    // MARK: Building

    /// Puts bytes into the store without a field.
    @discardableResult
    package mutating func appendBytes(_ span: Span<UInt8>) -> ByteRange {
        let start = self.bytes.count
        self.bytes.append(span)
        return ByteRange(start: start, end: self.bytes.count)
    }

    @discardableResult
    package mutating func appendBytes(_ text: StaticString) -> ByteRange {
        let start = self.bytes.count
        self.bytes.append(text)
        return ByteRange(start: start, end: self.bytes.count)
    }

    @discardableResult
    package mutating func appendBytes(_ other: [UInt8]) -> ByteRange {
        let start = self.bytes.count
        self.bytes.append(other.span)
        return ByteRange(start: start, end: self.bytes.count)
    }

    /// Puts what Huffman-coded bytes stand for into the store, or nothing if they are ill coded.
    mutating func appendBytes(_ huffman: HPACKHuffman, decoding encoded: Span<UInt8>) -> Bool {
        self.bytes.append(huffman, decoding: encoded)
    }

    mutating func appendBytes(_ first: UInt8, _ second: UInt8) {
        self.bytes.append(first, second)
    }

    package mutating func appendByte(_ byte: UInt8) {
        self.bytes.append(byte)
    }

    /// Puts a copy of bytes that are in the store already at its end.
    @discardableResult
    package mutating func appendBytes(copying range: ByteRange) -> ByteRange {
        let start = self.bytes.count
        self.bytes.append(copying: range.indices)
        return ByteRange(start: start, end: self.bytes.count)
    }

    /// Drops bytes put in after `count`.
    ///
    /// No field may lie there.
    package mutating func truncateBytes(to count: Int) {
        self.bytes.truncate(to: count)
    }

    /// Lower-cases ASCII letters in place.
    package mutating func lowercase(_ range: ByteRange) {
        for index in range.indices { self.bytes[index] = ByteClass.lowercased(self.bytes[index]) }
    }

    /// Adds a field whose name and value are in the store already.
    package mutating func appendField(name: ByteRange, value: ByteRange, isVerbatimLine: Bool) {
        let known = HeaderName(self.span(name))
        self.presence |= known.bit
        self.fields.append(
            HeaderField(name: name, value: value, known: known, isVerbatimLine: isVerbatimLine))
    }

    /// Adds a field whose line, `name: value CR LF`, is in the store already and whose name has
    /// been recognised.
    mutating func appendLine(_ known: HeaderName, name: ByteRange, value: ByteRange) {
        self.presence |= known.bit
        self.fields.append(
            HeaderField(name: name, value: value, known: known, isVerbatimLine: true))
    }

    /// Adds a field of a known name, writing a line that can be forwarded as it is.
    package mutating func add(_ known: HeaderName, value: Span<UInt8>) {
        let name = self.appendBytes(known.text)
        self.finishLine(name: name, known: known, value: value)
    }

    /// Adds a field, writing a line that can be forwarded as it is.
    package mutating func add(name: Span<UInt8>, value: Span<UInt8>) {
        let known = HeaderName(name)
        let name = self.appendBytes(name)
        self.finishLine(name: name, known: known, value: value)
    }

    /// Adds a line that was rendered at load: `name: value CR LF`.
    package mutating func addLine(_ line: Span<UInt8>, nameCount: Int, known: HeaderName) {
        let range = self.appendBytes(line)
        let start = Int(range.start)
        self.presence |= known.bit
        self.fields.append(
            HeaderField(
                name: ByteRange(start: start, end: start + nameCount),
                value: ByteRange(start: start + nameCount + 2, end: range.end - 2),
                known: known,
                isVerbatimLine: true))
    }

    /// Puts a number into the store as decimal digits.
    package mutating func appendDecimal(_ number: UInt64) { self.bytes.append(decimal: number) }

    /// Begins a line whose value is then put in by `appendBytes` and ended by `endField`.
    package mutating func beginField(_ known: HeaderName) -> OpenField {
        let name = self.appendBytes(known.text)
        return self.openField(name: name, known: known)
    }

    /// Begins a line whose value is then put in by `appendBytes` and ended by `endField`.
    package mutating func beginField(name: Span<UInt8>) -> OpenField {
        let known = HeaderName(name)
        let name = self.appendBytes(name)
        return self.openField(name: name, known: known)
    }

    /// Adds a field whose value is written in one go; none if it is empty or does not fit.
    ///
    /// - `valueBytesMax`: room for the value.
    package mutating func add(
        _ known: HeaderName, valueBytesMax: Int, by write: (inout ByteCursor) -> Void
    ) {
        let start = self.bytes.count
        let valueStart = start + known.text.utf8CodeUnitCount + 2
        self.bytes.append(
            atMost: valueStart - start + valueBytesMax + 2,
            writing: { cursor in
                cursor.write(known.text)
                cursor.write(": ")
                write(&cursor)
                let isEmpty = cursor.count <= valueStart - start
                cursor.write("\r\n")
                return !isEmpty
            })
        guard self.bytes.count > start else { return }
        self.appendLine(
            known, name: ByteRange(start: start, end: valueStart - 2),
            value: ByteRange(start: valueStart, end: self.bytes.count - 2))
    }

    private mutating func openField(name: ByteRange, known: HeaderName) -> OpenField {
        self.bytes.append(UInt8(ascii: ":"))
        self.bytes.append(UInt8(ascii: " "))
        return OpenField(name: name, known: known, valueStart: self.bytes.count)
    }

    /// Adds the field that was begun; its value is every byte put in since.
    package mutating func endField(_ open: OpenField) {
        self.fields.append(self.closeLine(open))
    }

    /// Puts the line that was begun in the place of a field; its value is every byte put in since.
    package mutating func endField(_ open: OpenField, replacing index: Int) {
        self.fields[index] = self.closeLine(open)
    }

    /// Puts the line that was begun before all other fields; its value is every byte put in since.
    package mutating func endFieldFirst(_ open: OpenField) {
        self.fields.insert(self.closeLine(open), at: 0)
    }

    private mutating func closeLine(_ open: OpenField) -> HeaderField {
        let value = ByteRange(start: open.valueStart, end: self.bytes.count)
        self.bytes.append(13)
        self.bytes.append(10)
        self.presence |= open.known.bit
        return HeaderField(name: open.name, value: value, known: open.known, isVerbatimLine: true)
    }

    private mutating func finishLine(name: ByteRange, known: HeaderName, value: Span<UInt8>) {
        self.bytes.append(UInt8(ascii: ":"))
        self.bytes.append(UInt8(ascii: " "))
        let value = self.appendBytes(value)
        self.bytes.append(13)
        self.bytes.append(10)
        self.presence |= known.bit
        self.fields.append(
            HeaderField(name: name, value: value, known: known, isVerbatimLine: true))
    }

    // MARK: Reading

    /// Whether a field of this name is there and not removed.
    package func contains(_ known: HeaderName) -> Bool { self.first(known) != nil }

    /// The value of the first field of this name.
    package func first(_ known: HeaderName) -> ByteRange? {
        guard self.presence & known.bit != 0 else { return nil }
        for field in self.fields where field.known == known && !field.isRemoved {
            return field.value
        }
        return nil
    }

    /// Whether the bytes of a range are `text` (lower case), compared without case.
    package func isValue(_ range: ByteRange, _ text: StaticString) -> Bool {
        self.span(range).isEqualIgnoringCase(to: text)
    }

    /// The value of the first field of this name, compared without case.
    package func first(named name: Span<UInt8>) -> ByteRange? {
        for index in self.fields.indices where self.isField(index, named: name) {
            return self.fields[index].value
        }
        return nil
    }

    /// Whether the field is there and has this name, compared without case.
    package func isField(_ index: Int, named name: Span<UInt8>) -> Bool {
        let field = self.fields[index]
        return !field.isRemoved && Int(field.name.count) == name.count
            && self.span(field.name).isEqualIgnoringCase(to: name)
    }

    // MARK: Removing

    package mutating func markRemoved(at index: Int) {
        self.fields[index].isRemoved = true
    }

    /// Removes every field of this name.
    package mutating func remove(_ known: HeaderName) {
        guard self.presence & known.bit != 0 else { return }
        for index in self.fields.indices where self.fields[index].known == known {
            self.fields[index].isRemoved = true
        }
    }

    /// Removes every field of this name, compared without case.
    package mutating func remove(named name: Span<UInt8>) {
        for index in self.fields.indices where self.isField(index, named: name) {
            self.fields[index].isRemoved = true
        }
    }

    /// Takes the first field of this name out, to be put back with `show`.
    ///
    /// - Returns: its place, or `nil` if there is none.
    package mutating func hide(named name: Span<UInt8>) -> Int? {
        for index in self.fields.indices where self.isField(index, named: name) {
            self.fields[index].isRemoved = true
            return index
        }
        return nil
    }

    package mutating func show(_ index: Int) {
        self.fields[index].isRemoved = false
    }

    /// Removes every field whose name's bit is in `names`, a union of `HeaderName.bit`.
    package mutating func remove(anyOf names: UInt64) {
        guard self.presence & names & ~HeaderName.other.bit != 0 else { return }
        for index in self.fields.indices {
            let bit = self.fields[index].known.bit & ~HeaderName.other.bit
            if bit & names != 0 { self.fields[index].isRemoved = true }
        }
    }

    /// Removes every field of this name, compared without case and with `_` taken for `-`.
    ///
    /// CGI-like upstreams read `x_user` and `x-user` as one name, so what Martlet sets or removes
    /// must go in both spellings.
    package mutating func removeAnySpelling(of name: Span<UInt8>) {
        for index in self.fields.indices {
            let field = self.fields[index]
            guard !field.isRemoved, Int(field.name.count) == name.count,
                self.span(field.name).isEqualIgnoringCaseAndUnderscore(to: name)
            else { continue }
            self.fields[index].isRemoved = true
        }
    }

    /// Removes every field whose name begins so, compared without case and with `_` taken for `-`.
    package mutating func removeAnySpelling(beginning prefix: Span<UInt8>) {
        for index in self.fields.indices where !self.fields[index].isRemoved {
            if self.begins(self.fields[index].name, prefix) { self.fields[index].isRemoved = true }
        }
    }

    private func begins(_ range: ByteRange, _ prefix: Span<UInt8>) -> Bool {
        guard range.count >= prefix.count else { return false }
        return self.span(range).extracting(0..<prefix.count)
            .isEqualIgnoringCaseAndUnderscore(to: prefix)
    }
}

extension ByteClass {
    /// ASCII lower case of a field name's byte, with `_` taken for `-`.
    package static func folded(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : self.lowercased(byte)
    }
}

extension Span where Element == UInt8 {
    /// Whether both are one field name to an upstream that takes `_` for `-`.
    package func isEqualIgnoringCaseAndUnderscore(to other: Span<UInt8>) -> Bool {
        guard self.count == other.count else { return false }
        for index in self.indices
        where ByteClass.folded(self[index]) != ByteClass.folded(other[index]) {
            return false
        }
        return true
    }

    /// Where the bytes of `range` stand without spaces and tabs at both ends.
    package func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while start < end, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return start..<end
    }
}

/// The same on whole arrays: a span of an array inside another cannot outlive the access to it.
extension HeaderList {
    package mutating func addLine(_ line: [UInt8], nameCount: Int, known: HeaderName) {
        self.addLine(line.span, nameCount: nameCount, known: known)
    }

    package mutating func removeAnySpelling(of name: [UInt8]) {
        self.removeAnySpelling(of: name.span)
    }

    package mutating func removeAnySpelling(beginning prefix: [UInt8]) {
        self.removeAnySpelling(beginning: prefix.span)
    }

    /// Whether the field's name is this one, without case and with `_` taken for `-`.
    package func isField(_ index: Int, spelled name: [UInt8]) -> Bool {
        self.span(self.fields[index].name).isEqualIgnoringCaseAndUnderscore(to: name.span)
    }
}

extension Span where Element == UInt8 {
    /// Whether both hold the same bytes.
    package func isEqual(to other: [UInt8]) -> Bool { self.isEqual(to: other.span) }
}
