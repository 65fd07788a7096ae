import MartletHTTP
import Testing

@Suite struct ListElementsTests {
    @Test(
        arguments: [
            ("", []),
            (",, ,\t,", []),
            ("a", ["a"]),
            (" a ,b,\tc\t", ["a", "b", "c"]),
            ("a,,b", ["a", "b"]),
            ("\"a,b\",c", ["\"a,b\"", "c"]),
            (#""a\",b",c"#, [#""a\",b""#, "c"]),
            ("\"never closed, b", ["\"never closed, b"]),
            (#""ends in a backslash\"#, [#""ends in a backslash\"#]),
            (#"a\,b"#, [#"a\"#, "b"]),
        ] as [(String, [String])])
    func splits(value: String, elements: [String]) {
        let headers = HeaderLines.list(["list: \(value)", "next: z"])
        var walk = ListElements(headers.fields[0].value)
        var found: [String] = []
        while let element = walk.next(in: headers.bytes.span) {
            found.append(headers.text(element))
        }
        #expect(found == elements)
    }

    @Test func staysInsideTheBytes() {
        let bytes: [UInt8] = [0x61, 0x2c]
        var walk = ListElements(ByteRange(start: 0, count: 100))
        #expect(walk.next(in: bytes.span) == ByteRange(start: 0, count: 1))
        #expect(walk.next(in: bytes.span) == nil)
    }
}
