import Testing

@Suite struct XMLReaderTests {
    static let type = "application/xml"

    @Test(arguments: [
        "<a/>", "<?xml version=\"1.0\"?><a b='c'>d<!-- e --><f/></a>", "<a><![CDATA[x < y]]></a>",
        "<!DOCTYPE a><a>O'Brien &amp; sons; 1 &lt; 2</a>", "<x:a xmlns:x=\"urn:y\"/>",
    ])
    func reads(_ text: String) {
        #expect(Inspected.body(text, Self.type) == [])
    }

    @Test(arguments: [
        "<a", "<a>", "</a>", "a", "<a b=c/>", "<a b/>", "<>", "<!DOCTYPE a", "<a><!--",
    ])
    func refuses(_ text: String) {
        #expect(Inspected.body(text, Self.type).contains("ambiguous-xml"))
    }

    @Test func looksAtTextsAndAttributes() {
        #expect(Inspected.body("<a>x' or 1=1--</a>", Self.type).contains("sql-tautology"))
        #expect(Inspected.body("<a b=\"&lt;script&gt;\"/>", Self.type).contains("xss-tag"))
        #expect(Inspected.body("<a><![CDATA[;id]]></a>", Self.type).contains("command-separated"))
    }

    @Test func expandsNoEntity() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"
        #expect(Inspected.body(bomb, Self.type).contains("xml-entity"))
        let outside = "<!DOCTYPE a SYSTEM \"http://x.y/z.dtd\"><a/>"
        #expect(Inspected.body(outside, Self.type).contains("xml-entity"))
    }

    @Test func isBoundedInDepth() {
        let deep = String(repeating: "<a>", count: 50_000)
        #expect(Inspected.body(deep, Self.type).contains("ambiguous-xml"))
    }
}
