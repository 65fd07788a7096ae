import MartletHTTP
import Testing

@Suite struct HeaderListEditTests {
    @Test func copiesItsOwnBytes() {
        var headers = HeaderLines.list(["a: one"])
        let copy = headers.appendBytes(copying: headers.fields[0].value)
        #expect(headers.text(copy) == "one")
        #expect(headers.text(headers.fields[0].value) == "one")
    }

    @Test func anOpenFieldIsAddedWhenItEnds() {
        var headers = HeaderLines.list(["a: 1", "via: old"])
        let open = headers.beginField(.via)
        headers.appendBytes("new")
        headers.remove(.via)
        headers.endField(open)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["a: 1", "via: new"])
        #expect(headers.first(.via).map { headers.text($0) } == "new")
    }

    @Test func aFieldIsWrittenInOneGo() {
        var headers = HeaderLines.list(["a: 1"])
        headers.add(.retryAfter, valueBytesMax: 4) { $0.writeDecimal(1234) }
        headers.add(.rateLimit, valueBytesMax: 10) { cursor in
            cursor.write("\"a\"")
            cursor.write(";r=")
            cursor.writeDecimal(7)
        }
        let lines = HeaderLines.text(headers)
        #expect(lines == ["a: 1", "retry-after: 1234", "ratelimit: \"a\";r=7"])
        #expect(headers.first(.rateLimit).map { headers.text($0) } == "\"a\";r=7")
        let areVerbatim = headers.fields[1].isVerbatimLine && headers.fields[2].isVerbatimLine
        #expect(areVerbatim)
    }

    @Test func aFieldThatIsEmptyOrTooLongIsNotAdded() {
        var headers = HeaderLines.list(["a: 1"])
        let count = headers.bytes.count
        headers.add(.retryAfter, valueBytesMax: 4) { _ in }
        headers.add(.retryAfter, valueBytesMax: 3) { $0.writeDecimal(1234) }
        let lines = HeaderLines.text(headers)
        #expect(lines == ["a: 1"])
        #expect(headers.bytes.count == count)
        let isThere = headers.contains(.retryAfter)
        #expect(!isThere)
    }

    @Test func anOpenFieldCanReplaceAnother() {
        var headers = HeaderLines.list(["a: 1", "b: 2", "c: 3"])
        let open = headers.beginField(name: Array("Server".utf8).span)
        headers.appendBytes("x")
        headers.endField(open, replacing: 1)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["a: 1", "Server: x", "c: 3"])
        let isThere = headers.contains(.server)
        #expect(isThere)
    }

    @Test func removesASetOfKnownNames() {
        var headers = HeaderLines.list(["Via: 1", "x: 2", "SERVER: 3", "date: 4", "x-other: 5"])
        headers.remove(anyOf: HeaderName.via.bit | HeaderName.server.bit | HeaderName.other.bit)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["x: 2", "date: 4", "x-other: 5"])
    }

    @Test(arguments: [
        ("x-user", ["x-user: 1", "X_USER: 2", "x-user2: 3"], ["x-user2: 3"]),
        ("x_user", ["X-User: 1", "xuser: 2"], ["xuser: 2"]),
        ("accept", ["Accept: 1", "a: 2"], ["a: 2"]),
        ("none", ["a: 2"], ["a: 2"]),
    ])
    func removesEverySpelling(name: String, before: [String], after: [String]) {
        var headers = HeaderLines.list(before)
        headers.removeAnySpelling(of: Array(name.utf8).span)
        let lines = HeaderLines.text(headers)
        #expect(lines == after)
    }

    @Test func removesByPrefixInEverySpelling() {
        var headers = HeaderLines.list([
            "X-Internal-A: 1", "x_internal_b: 2", "x-internal-: 3", "x-internal: 4", "x: 5",
        ])
        headers.removeAnySpelling(beginning: Array("x-internal-".utf8).span)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["x-internal: 4", "x: 5"])
    }

    @Test(arguments: [(UInt64(0), "0"), (9, "9"), (10, "10"), (.max, "18446744073709551615")])
    func rendersDecimals(value: UInt64, text: String) {
        var headers = HeaderList()
        headers.appendDecimal(value)
        let rendered = headers.bytes.span.text
        #expect(rendered == text)
    }
}
