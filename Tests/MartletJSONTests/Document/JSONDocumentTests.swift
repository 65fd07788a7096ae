import MartletJSON
import Testing

@Suite struct JSONDocumentTests {
    @Test func keepsTextAndOrder() throws {
        let text = #"{"z": 1.10, "a": [1E2, -0], "\u006d": "\u00e4" }"#
        let document = try JSONDocument(text)
        #expect(String(document.bytes) == text)
        #expect(document.count(0) == 3)
        #expect(document.nodeCount == 9)
        let a = try #require(try document.value("/a"))
        #expect(String(bytes(document.text(a))) == "[1E2, -0]")
        #expect(String(bytes(document.text(try #require(try document.value("/z"))))) == "1.10")
        let m = try #require(try document.value("/m"))
        #expect(String(bytes(document.text(m))) == #""\u00e4""#)
        #expect(String(bytes(document.string(m))) == "ä")
        #expect(String(bytes(document.string(m - 1))) == "m")
        #expect(document.isKey(m - 1))
        #expect(!document.isKey(m))
        #expect(document.count(m) == 0)
    }

    @Test func emptyContainersHoldNothing() throws {
        for text in ["[]", "{}", "[ ]", "{\n}"] {
            let document = try JSONDocument(text)
            #expect(document.count(0) == 0)
            #expect(document.firstChild(of: 0) == document.end(of: 0))
        }
    }

    @Test(arguments: UInt64(0)..<300)
    func agreesWithTheModel(seed: UInt64) throws {
        var texts = RandomJSON(seed: seed)
        let text = texts.value()
        let model = ModelJSON.read(text.utf8)
        let document = try? JSONDocument(twins: text)
        #expect(document.map { ModelJSON($0) } == model, "seed \(seed): \(text)")
    }

    /// Small changes of good texts: both accept, with the same value, or both refuse.
    @Test(arguments: UInt64(0)..<40)
    func agreesWithTheModelOnBrokenTexts(seed: UInt64) throws {
        var texts = RandomJSON(seed: seed)
        for _ in 0..<50 {
            var text = Array(texts.value().utf8)
            for _ in 0...texts.random.below(2) {
                let place = texts.random.below(text.count)
                let byte = texts.random.pick(Array("\"\\{}[],:0-.eu \u{1f}".utf8) + [0x80, 0xc3])
                switch texts.random.below(3) {
                case 0: text[place] = byte
                case 1: text.insert(byte, at: place)
                default: if text.count > 1 { text.remove(at: place) }
                }
            }
            var limits = JSONLimits()
            limits.allowsDuplicateKeys = true
            let document = Result { () throws(JSONError) in
                try JSONDocument(text.span, limits: limits)
            }
            // The model has no limits.
            if case .failure(let error) = document, error.isLimit { continue }
            let found = try? document.map { ModelJSON($0) }.get()
            #expect(found == ModelJSON.read(text), "seed \(seed): \(String(text))")
        }
    }

    @Test func isReadAgainInItsOwnMemory() throws {
        var parser = JSONParser()
        var document = JSONDocument()
        for text in [#"{"a":"\n"}"#, "[1]", "7"] {
            let bytes = Array(text.utf8)
            try parser.read(bytes.span, isLast: true, into: &document)
            #expect(ModelJSON(document) == ModelJSON.read(bytes))
        }
        document.shrink(to: 0)
        #expect(document.nodeCount == 0)
        #expect(document.bytes.capacity == 0)
    }

    // MARK: - Navigation

    static let document = #"""
        {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8,
        "deep":{"list":[{"x":1},[[true]]],"0":"zero"}}
        """#

    static let pointers: [(String, String?)] = [
        // RFC 6901 §5.
        ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"),
        ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"),
        ("/m~0n", "8"),
        ("/deep/list/1/0/0", "true"), ("/deep/list/0/x", "1"), ("/deep/0", #""zero""#),
        // Nothing there.
        ("/foo/2", nil), ("/foo/-", nil), ("/foo/00", nil), ("/foo/01", nil), ("/foo/+1", nil),
        ("/foo/1e0", nil), ("/foo/bar", nil), ("/fo", nil), ("/foo/0/0", nil), ("//", nil),
        ("/deep/list/4294967296", nil), ("/deep/list/99999999999999999999", nil),
    ]

    @Test(arguments: pointers)
    func follows(pointer: String, expected: String?) throws {
        let document = try JSONDocument(Self.document)
        let node = try document.value(pointer)
        #expect(node.map { String(bytes(document.text($0))) } == expected)
        if let node { #expect(document.pointer(to: node) == pointer) }
    }

    @Test func tellsTheWayToEveryValue() throws {
        for seed in UInt64(0)..<50 {
            var texts = RandomJSON(seed: seed)
            let document = try JSONDocument(twins: texts.value())
            guard !document.hasDuplicateKeys else { continue }
            for node in 0..<document.nodeCount where !document.isKey(node) {
                #expect(try document.value(document.pointer(to: node)) == node, "seed \(seed)")
            }
        }
    }

    @Test func findsTheLastOfTwins() throws {
        let document = try JSONDocument(twins: #"{"a":1,"b":2,"\u0061":3}"#)
        #expect(document.hasDuplicateKeys)
        #expect(document.value(of: "a", in: 0) == 6)
        #expect(document.value(of: "b", in: 0) == 4)
        #expect(document.value(of: "c", in: 0) == nil)
        #expect(document.value(of: "a", in: 2) == nil)
        #expect(document.element(0, of: 0) == nil)
        #expect(document.count(0) == 3)
    }

    @Test func anEmptyDocumentHasNoValues() throws {
        #expect(JSONDocument().value(at: JSONPointer()) == nil)
    }
}
