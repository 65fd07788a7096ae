/// Writes JSON text, commas and colons included: what a changed document is written with.
///
/// Values that stay as they are are copied from their document as they were written, so that no
/// digit of a number and no spelling of a text changes. Bounded by what it is told to write; its
/// owner looks at `bytes.count`.
package struct JSONWriter: Sendable {
    package private(set) var bytes: ContiguousArray<UInt8> = []
    private var needsComma = false

    package init() {}

    package mutating func removeAll() {
        self.bytes.removeAll(keepingCapacity: true)
        self.needsComma = false
    }

    package mutating func beginObject() { self.begin(UInt8(ascii: "{")) }
    package mutating func endObject() { self.end(UInt8(ascii: "}")) }
    package mutating func beginArray() { self.begin(UInt8(ascii: "[")) }
    package mutating func endArray() { self.end(UInt8(ascii: "]")) }

    /// - `text`: UTF-8, without escapes.
    package mutating func key(_ text: Span<UInt8>) {
        self.beginValue()
        JSONEscape.appendString(text, to: &self.bytes)
        self.endKey()
    }

    package mutating func key(_ text: StaticString) {
        let bytes = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        self.key(unsafe bytes.span)
    }

    /// A key of `document` as it was written.
    package mutating func key(_ node: Int, of document: JSONDocument) {
        self.beginValue()
        self.bytes.append(document.text(node))
        self.endKey()
    }

    /// - `text`: UTF-8, without escapes.
    package mutating func string(_ text: Span<UInt8>) {
        self.beginValue()
        JSONEscape.appendString(text, to: &self.bytes)
        self.needsComma = true
    }

    package mutating func number(_ value: Int64) {
        self.beginValue()
        self.bytes.append(contentsOf: String(value).utf8)
        self.needsComma = true
    }

    package mutating func boolean(_ value: Bool) {
        self.beginValue()
        self.bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        self.needsComma = true
    }

    package mutating func null() {
        self.beginValue()
        self.bytes.append(contentsOf: "null".utf8)
        self.needsComma = true
    }

    /// A value of `document` with all that it holds, as it was written, white space included.
    package mutating func value(_ node: Int, of document: JSONDocument) {
        self.beginValue()
        self.bytes.append(document.text(node))
        self.needsComma = true
    }

    /// The one spelling of a number.
    mutating func canonicalNumber(_ number: borrowing JSONNumber) {
        self.beginValue()
        number.appendCanonical(to: &self.bytes)
        self.needsComma = true
    }

    private mutating func begin(_ byte: UInt8) {
        self.beginValue()
        self.bytes.append(byte)
        self.needsComma = false
    }

    private mutating func end(_ byte: UInt8) {
        self.bytes.append(byte)
        self.needsComma = true
    }

    private mutating func beginValue() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func endKey() {
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }
}
