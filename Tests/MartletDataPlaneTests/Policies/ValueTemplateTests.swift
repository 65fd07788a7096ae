import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct ValueTemplateTests {
    @Test(arguments: [
        ("", ""), ("acme", "acme"), ("{id}", "7"), ("a-{id}-{tenant}-b", "a-7-acme-b"),
        ("{id}{id}", "77"), ("{{id}}", "{id}"), ("{{{id}}}", "{7}"), ("}}{{", "}{"),
        ("é {id}", "é 7"),
        ("{rest}!", "!"),
    ])
    func writesFieldValues(text: String, value: String) throws {
        let (head, captures) = EditedRequest.make(path: "/acme/7", captures: ["7", "acme", ""])
        let template = try ValueTemplate.compile(text, captureNames: ["id", "tenant", "rest"])
        var output: [UInt8] = []
        template.write(to: &output, captures: captures, head: head)
        #expect(String(decoding: output, as: UTF8.self) == value)
        var other = HeaderList()
        template.write(to: &other, captures: captures, head: head)
        let written = other.bytes.span.text
        #expect(written == value)
        let start = head.headers.bytes.count
        template.write(to: &head.headers, captures: captures, head: nil)
        let appended = head.headers.text(ByteRange(start: start, end: head.headers.bytes.count))
        #expect(appended == value)
        #expect(template.isLiteral == !text.replacing("{{", with: "").contains("{"))
    }

    @Test(arguments: [
        "{", "}", "a{b", "a}b", "{id", "{}", "{other}", "{id }", "{{id}", "{id}}", "{i{d}",
        "a\r\nb",
        "a\u{0}", "\u{7f}", "{ID}",
    ])
    func refuses(text: String) {
        #expect(throws: InvalidPolicy.self) {
            try ValueTemplate.compile(text, captureNames: ["id"])
        }
    }

    @Test(arguments: [
        (ValueEncoding.fieldValue, "a&b;c=d+e%2Fé", "a&b;c=d+e%2Fé"),
        (.fieldValue, "a\r\n\u{0}\u{7f}b", "ab"),
        (.query, "a&b;c=d+e%2F#é", "a%26b%3Bc%3Dd%2Be%2F%23%C3%A9"), (.query, "a\r\nb", "a%0D%0Ab"),
        (.cookie, "a;b,c\"d\\e%2F f", "a%3Bb%2Cc%22d%5Ce%2F%20f"), (.cookie, "a\r\nb", "a%0D%0Ab"),
        (.path, "a?b#c%2Fé d", "a%3Fb%23c%2F%C3%A9%20d"), (.path, "a\u{0}", "a%00"),
    ])
    func capturesCannotBreakOut(encoding: ValueEncoding, capture: String, value: String) throws {
        let (head, captures) = EditedRequest.make(path: "/\(capture)", captures: [capture])
        let template = try ValueTemplate.compile("{x}", captureNames: ["x"], encoding: encoding)
        var output: [UInt8] = []
        template.write(to: &output, captures: captures, head: head)
        #expect(String(decoding: output, as: UTF8.self) == value)
    }

    @Test(arguments: [
        (ValueEncoding.query, "a b&c=%2F+é", "a%20b%26c%3D%252F%2B%C3%A9"),
        (.path, "/a b/é/%2f;x=1", "/a%20b/%C3%A9/%2f;x=1"), (.cookie, "a=b", "a=b"),
    ])
    func literalsAreEncodedOnce(encoding: ValueEncoding, text: String, literal: String) throws {
        let template = try ValueTemplate.compile(text, captureNames: [], encoding: encoding)
        #expect(String(decoding: template.literalBytes, as: UTF8.self) == literal)
        #expect(template.isLiteral)
    }

    @Test(arguments: [
        (ValueEncoding.cookie, "a;b"), (.cookie, "a b"), (.cookie, "é"), (.path, "/a?b"),
        (.path, "/a#b"),
        (.path, "/a\\b"), (.path, "/%2"), (.path, "/%zz"), (.path, "/%{x}2f"), (.path, "/a\u{1}"),
    ])
    func literalsThatCannotStandAreRefused(encoding: ValueEncoding, text: String) {
        #expect(throws: InvalidPolicy.self) {
            try ValueTemplate.compile(text, captureNames: ["x"], encoding: encoding)
        }
    }
}
