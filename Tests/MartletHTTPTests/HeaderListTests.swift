import MartletHTTP
import Testing

/// Building, reading and removing; edits in place are in `HeaderListEditTests`.
@Suite struct HeaderListTests {
    @Test func everyWayToAddAFieldWritesAWholeLine() {
        var headers = HeaderList()
        headers.add(.host, value: Array("a".utf8).span)
        headers.add(name: Array("X-Own".utf8).span, value: Array("".utf8).span)
        headers.addLine(Array("Server: b c\r\n".utf8).span, nameCount: 6, known: .server)
        let open = headers.beginField(name: Array("x-open".utf8).span)
        headers.appendByte(UInt8(ascii: "d"))
        headers.endField(open)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["host: a", "X-Own: ", "Server: b c", "x-open: d"])
        let known = headers.fields.map(\.known)
        #expect(known == [.host, .other, .server, .other])
        let areVerbatim = headers.fields.allSatisfy(\.isVerbatimLine)
        #expect(areVerbatim)
    }

    @Test func bytesWithoutAFieldAreNoField() {
        var headers = HeaderList()
        let first = headers.appendBytes("GET")
        let second = headers.appendBytes([32, 47])
        let (isEmpty, firstText, secondText) = (
            headers.isEmpty, headers.text(first), headers.text(second)
        )
        #expect(isEmpty)
        #expect((firstText, secondText) == ("GET", " /"))
        headers.truncateBytes(to: first.end)
        let count = headers.bytes.count
        #expect(count == 3)
    }

    @Test(arguments: [
        ("Host", "a"), ("hOST", "a"), ("x-one", "1"), ("X-ONE", "1"), ("x_one", nil),
        ("x-on", nil), ("", nil), ("x-two", nil), ("via", "2"),
    ])
    func findsTheFirstThatIsThere(name: String, value: String?) {
        var headers = HeaderLines.list([
            "Host: a", "X-One: 1", "x-one: 2", "x-two: 3", "Via: 1", "via: 2",
        ])
        headers.markRemoved(at: 3)
        headers.markRemoved(at: 4)
        let bytes = Array(name.utf8)
        let byName = headers.first(named: bytes.span).map { headers.text($0) }
        #expect(byName == value)
        let known = HeaderName(bytes.span)
        guard known != .other else { return }
        let byKnown = headers.first(known).map { headers.text($0) }
        #expect(byKnown == value)
        let isThere = headers.contains(known)
        #expect(isThere)
    }

    @Test func removedFieldsAreNotFound() {
        var headers = HeaderLines.list(["Host: a", "x-one: 1", "X-ONE: 2", "host: b", "c: d"])
        headers.remove(.host)
        headers.remove(.via)
        headers.remove(named: Array("X-One".utf8).span)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["c: d"])
        let isThere = headers.contains(.host)
        #expect(!isThere)
        let found = headers.first(named: Array("x-one".utf8).span)
        #expect(found == nil)
        let isField = headers.isField(1, named: Array("x-one".utf8).span)
        #expect(!isField)
    }

    @Test func presenceRemembersWhatWasThere() {
        var headers = HeaderLines.list(["via: 1", "x-own: 2"])
        let both = HeaderName.via.bit | HeaderName.other.bit
        let before = headers.presence
        #expect(before == both)
        headers.remove(.via)
        let after = headers.presence
        #expect(after == both)
    }

    @Test(arguments: [
        ("keep-alive", true), ("KEEP-Alive", true), ("keep-aliv", false), ("keep-alive ", false),
        ("keep_alive", false), ("", false),
    ])
    func valuesAreComparedWithoutCase(value: String, isSame: Bool) {
        let headers = HeaderLines.list(["connection: \(value)"])
        let result = headers.isValue(headers.fields[0].value, "keep-alive")
        #expect(result == isSame)
    }

    /// Only ASCII letters have a lower case here.
    @Test func lowercasesInPlace() {
        var headers = HeaderList()
        let range = headers.appendBytes("AbZ@[`{\u{c4}9")
        headers.lowercase(ByteRange(start: 1, end: range.end))
        let text = headers.text(range)
        #expect(text == "Abz@[`{\u{c4}9")
    }

    @Test func removeAllForgetsEverything() {
        var headers = HeaderLines.list(["via: 1", "x: \(String(repeating: "y", count: 20_000))"])
        headers.removeAll(keepingCapacityUpTo: 1024)
        let (isEmpty, presence) = (headers.isEmpty, headers.presence)
        let (count, capacity) = (headers.bytes.count, headers.bytes.capacity)
        #expect(isEmpty)
        #expect(presence == 0)
        #expect(count == 0)
        #expect(capacity <= 1024)
    }

    @Test(arguments: [
        ("  a b\t", 0..<6, 2..<5), (" \t ", 0..<3, 3..<3), ("", 0..<0, 0..<0),
        ("a", 0..<1, 0..<1), (" a ,", 0..<3, 1..<2),
    ])
    func trimsSpacesAndTabs(text: String, range: Range<Int>, expected: Range<Int>) {
        let trimmed = Array(text.utf8).span.trimmed(range)
        #expect(trimmed == expected)
    }
}
