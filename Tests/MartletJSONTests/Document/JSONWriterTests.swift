import MartletJSON
import Testing

@Suite struct JSONWriterTests {
    @Test func writesAChangedDocument() throws {
        let document = try JSONDocument(#"{ "id": 1.10, "old" : [1, 2], "t": "\u00e4" }"#)
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("added")
        writer.beginArray()
        writer.null()
        writer.boolean(true)
        writer.number(-5)
        let text = Array("a\"b".utf8)
        writer.string(text.span)
        writer.endArray()
        writer.key("new")
        writer.value(try #require(try document.value("/old")), of: document)
        let key = document.firstChild(of: 0)
        writer.key(key, of: document)
        writer.value(key + 1, of: document)
        writer.key("e")
        writer.beginObject()
        writer.endObject()
        writer.key("t")
        writer.value(try #require(try document.value("/t")), of: document)
        writer.endObject()
        #expect(
            String(writer.bytes)
                == #"{"added":[null,true,-5,"a\"b"],"new":[1, 2],"id":1.10,"e":{},"t":"\u00e4"}"#
        )
        writer.removeAll()
        writer.number(1)
        #expect(String(writer.bytes) == "1")
    }

    static let compact: [(String, String)] = [
        (" [ 1 , 2.0 , [ ] , { } ] ", "[1,2.0,[],{}]"),
        ("{ \"\\u0062\" : 1e2 ,\n\"a\" : { \"x\" : null } }", #"{"\u0062":1e2,"a":{"x":null}}"#),
        (" \" a \" ", "\" a \""),
    ]

    @Test(arguments: compact)
    func compacts(text: String, expected: String) throws {
        var writer = JSONWriter()
        writer.compact(0, of: try JSONDocument(text))
        #expect(String(writer.bytes) == expected)
    }

    static let canonical: [(String, String)] = [
        // RFC 8785 §3.2.2 to §3.2.4, with all digits kept.
        (
            #"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"#
                + #""string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","#
                + #""literals":[null,true,false]}"#,
            #"{"literals":[null,true,false],"#
                + #""numbers":[333333333.33333329,1e+30,4.5,0.002,1e-27],"#
                + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        ),
        // §3.2.3: order by UTF-16 code units.
        (
            #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#,
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}"
        ),
        ("-0", "0"), ("0.0e5", "0"), ("100", "100"), ("1e2", "100"), ("1.0", "1"),
        ("12.50", "12.5"),
        ("1e21", "1e+21"), ("1e20", "100000000000000000000"), ("123e19", "1.23e+21"),
        ("0.000001", "0.000001"), ("0.0000001", "1e-7"), ("-1.5e-10", "-1.5e-10"),
        ("123456789012345678901234567890", "1.2345678901234567890123456789e+29"),
        ("1.23456789012345678901234567890", "1.2345678901234567890123456789"),
        ("12345678901234567890.5", "12345678901234567890.5"), ("0.5", "0.5"), ("5e-1", "0.5"),
    ]

    @Test(arguments: canonical)
    func isCanonical(text: String, expected: String) throws {
        var writer = JSONWriter()
        writer.canonical(0, of: try JSONDocument(text))
        #expect(String(writer.bytes) == expected)
    }

    /// The canonical form is equal to what it was made of, and its own canonical form.
    @Test(arguments: UInt64(0)..<100)
    func comesBackEqual(seed: UInt64) throws {
        var texts = RandomJSON(seed: seed)
        let document = try JSONDocument(twins: texts.value())
        for isCanonical in [true, false] {
            var writer = JSONWriter()
            if isCanonical {
                writer.canonical(0, of: document)
            } else {
                writer.compact(0, of: document)
            }
            let written = try JSONDocument(twins: String(writer.bytes))
            var equality = JSONEquality()
            let areEqual = equality.isEqual(document, 0, written, 0)
            #expect(
                areEqual,
                "seed \(seed): \(String(document.bytes)) \(String(writer.bytes))")
            #expect(JSONHash.value(document, 0) == JSONHash.value(written, 0))
            var again = JSONWriter()
            again.canonical(0, of: written)
            if isCanonical { #expect(again.bytes == writer.bytes, "seed \(seed)") }
        }
    }
}
