/// One header line: where its name and value lie in the list's bytes.
package struct HeaderField: Sendable, BitwiseCopyable {
    package var name: ByteRange
    package var value: ByteRange
    package var known: HeaderName
    /// Not forwarded. Fields are marked, never moved, so that ranges stay true.
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

/// Header fields in the order received, over one byte store that is reused from head to head.
///
/// The store also holds the start line, so that a head is one allocation that is made once.
/// Owned by a head, confined to its loop, bounded by the listener's header limits plus what the
/// route's edits add.
package struct HeaderList {
    package private(set) var bytes: [UInt8] = []
    package private(set) var fields: ContiguousArray<HeaderField> = []
    /// A bit for each known name that some field, removed ones included, has had.
    package private(set) var presence: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { self.fields.isEmpty }

    /// Forgets everything; keeps the memory up to `capacityMax` bytes.
    package mutating func removeAll(keepingCapacityUpTo capacityMax: Int = 16 * 1024) {
        self.bytes.removeAll(keepingCapacity: self.bytes.capacity <= capacityMax)
        self.fields.removeAll(keepingCapacity: self.fields.capacity <= 256)
        self.presence = 0
    }

    /// Borrowed bytes of a range.
    @_lifetime(borrow self)
    package func span(_ range: ByteRange) -> Span<UInt8> {
        self.bytes.span.extracting(range.indices)
    }

    /// A range as text. Allocates.
    package func text(_ range: ByteRange) -> String { self.span(range).text }

    // MARK: Building

    /// Puts bytes into the store without a field.
    @discardableResult
    package mutating func appendBytes(_ span: Span<UInt8>) -> ByteRange {
        let start = self.bytes.count
        unsafe span.withUnsafeBufferPointer { unsafe self.bytes.append(contentsOf: $0) }
        return ByteRange(start: start, end: self.bytes.count)
    }

    @discardableResult
    package mutating func appendBytes(_ text: StaticString) -> ByteRange {
        let start = self.bytes.count
        let buffer = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        unsafe self.bytes.append(contentsOf: buffer)
        return ByteRange(start: start, end: self.bytes.count)
    }

    @discardableResult
    package mutating func appendBytes(_ other: [UInt8]) -> ByteRange {
        let start = self.bytes.count
        self.bytes.append(contentsOf: other)
        return ByteRange(start: start, end: self.bytes.count)
    }

    package mutating func appendByte(_ byte: UInt8) {
        self.bytes.append(byte)
    }

    /// Drops bytes put in after `count`. No field may lie there.
    package mutating func truncateBytes(to count: Int) {
        self.bytes.removeLast(self.bytes.count - count)
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
}
