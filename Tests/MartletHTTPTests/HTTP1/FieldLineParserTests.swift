import MartletHTTP
import Testing

@Suite struct FieldLineParserTests {
    private static func parse(
        _ line: [UInt8]
    ) -> (error: MessageError?, name: String, value: [UInt8], isVerbatim: Bool) {
        var headers = HeaderList()
        headers.appendBytes("GET / HTTP/1.1\r\n")
        let range = headers.appendBytes(line)
        headers.appendBytes("\r\n")
        let error = FieldLineParser.parse(range, into: &headers)
        guard headers.fields.count == 1, error == nil else { return (error, "", [], false) }
        let field = headers.fields[0]
        let value = headers.span(field.value)
        return (
            nil, headers.text(field.name), value.indices.map { value[$0] }, field.isVerbatimLine
        )
    }

    /// A verbatim line is forwarded as it is, so it must have one SP and no other padding.
    @Test(arguments: [
        ("Host: a", "Host", "a", true),
        ("x: ", "x", "", true),
        ("x:", "x", "", false),
        ("x:a", "x", "a", false),
        ("x:  a", "x", "a", false),
        ("x:\ta", "x", "a", false),
        ("x: a ", "x", "a", false),
        ("x: a\t", "x", "a", false),
        ("x: \t ", "x", "", false),
        ("x: a b\tc", "x", "a b\tc", true),
        ("x: a: b", "x", "a: b", true),
        ("x: \u{e9}", "x", "\u{e9}", true),
        ("!#$%&'*+-.^_`|~09azAZ: a", "!#$%&'*+-.^_`|~09azAZ", "a", true),
    ])
    func reads(line: String, name: String, value: String, isVerbatim: Bool) {
        let parsed = Self.parse(Array(line.utf8))
        #expect(parsed.error == nil)
        #expect(parsed.name == name)
        #expect(parsed.value == Array(value.utf8))
        #expect(parsed.isVerbatim == isVerbatim)
    }

    @Test(arguments: [
        (":", MessageError.malformedFieldName), (": a", .malformedFieldName),
        ("Host", .malformedFieldName), ("", .malformedFieldName),
        ("a\u{0}: b", .malformedFieldName),
        ("\u{e9}: a", .malformedFieldName), ("a(b): c", .malformedFieldName),
        ("a,b: c", .malformedFieldName), ("\"a\": b", .malformedFieldName),
        ("Host : a", .whitespaceBeforeColon), ("Host\t: a", .whitespaceBeforeColon),
        ("Ho st: a", .whitespaceBeforeColon), ("Host ", .whitespaceBeforeColon),
        (" Host: a", .lineFolding), ("\tb", .lineFolding), (" ", .lineFolding),
        ("a: \u{0}", .forbiddenByteInValue), ("a: b\u{7f}c", .forbiddenByteInValue),
        ("a: \u{1b}[0m", .forbiddenByteInValue), ("a: b\nc: d", .forbiddenByteInValue),
        ("a: b\rc", .bareCarriageReturn), ("a: b\r", .bareCarriageReturn),
    ])
    func refuses(line: String, error: MessageError) {
        #expect(Self.parse(Array(line.utf8)).error == error)
    }

    /// Every byte in the name, before the colon and in the value, against the grammar.
    @Test func everyByteInEveryPlace() {
        let tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
        for byte in UInt8.min...UInt8.max {
            let isToken = tokens.utf8.contains(byte | (UInt8(ascii: "A")...90 ~= byte ? 0x20 : 0))
            let inName = Self.parse([97, byte, 98, 58, 32, 99])
            let mayStandInName = isToken || byte == UInt8(ascii: ":")
            #expect((inName.error == nil) == mayStandInName, "name, byte \(byte)")
            let inValue = Self.parse([97, 58, 32, 98, byte, 99])
            let mayStandInValue = byte == 9 || byte >= 32 && byte != 127
            #expect((inValue.error == nil) == mayStandInValue, "value, byte \(byte)")
            if mayStandInValue { #expect(inValue.value == [98, byte, 99]) }
        }
    }

    @Test func aRefusedLineAddsNoField() {
        var headers = HeaderLines.list(["a: b"])
        let line = headers.appendBytes("x : y")
        headers.appendBytes("\r\n")
        let error = FieldLineParser.parse(line, into: &headers)
        #expect(error == .whitespaceBeforeColon)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["a: b"])
    }
}
