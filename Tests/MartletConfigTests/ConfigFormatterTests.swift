import MartletConfig
import Testing

@Suite struct ConfigFormatterTests {
    /// Input, and its formatted text.
    @Test(arguments: [
        ("", ""),
        ("a: 1", "a: 1\n"),
        ("a:    1   \n\n\n\n", "a: 1\n"),
        ("\n\na: 1\nb: 2\n", "a: 1\nb: 2\n"),
        ("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
        ("\u{FEFF}a: 1\n", "a: 1\n"),
        ("a:\n    b:\n        c: 1\n    d: 2\n", "a:\n  b:\n    c: 1\n  d: 2\n"),
        ("a:\n  b: 1\nc: 2\n", "a:\n  b: 1\n\nc: 2\n"),
        ("a: 1\nb:\n  c: 2\n", "a: 1\n\nb:\n  c: 2\n"),
        ("a:\n- 1\n- 2\n", "a:\n  - 1\n  - 2\n"),
        ("a:\n-   b: 1\n    c: 2\n-   d: 3\n", "a:\n  - b: 1\n    c: 2\n  - d: 3\n"),
        ("- - 1\n  - 2\n-\n  a: 1\n", "- - 1\n  - 2\n-\n  a: 1\n"),
        ("a: {b: 1,c: [x,y] ,d: {}}\n", "a: { b: 1, c: [x, y], d: {} }\n"),
        ("a: {\nb: 1,\nc: 2\n}\n", "a: {\n  b: 1,\n  c: 2\n}\n"),
        ("a:\n   b: [1,\n 2]\n", "a:\n  b: [1,\n    2]\n"),
        ("a: \"GET\"\nb: 'x-y'\n\"c\": \"/v1/a\"\n", "a: GET\nb: x-y\nc: /v1/a\n"),
        (
            "a: \"2\"\nb: \"true\"\nc: \"off\"\nd: \"\"\ne: \"a b\"\nf: '1e5'\n",
            "a: \"2\"\nb: \"true\"\nc: \"off\"\nd: \"\"\ne: \"a b\"\nf: '1e5'\n"
        ),
        (
            "# top\n\na: 1 # one\nb: 2      # two\n",
            "# top\n\na: 1 # one\nb: 2      # two\n"
                .replacing(" # one", with: "  # one")
        ),
        (
            "a:\n      # about b\n      b: 1\n\n\n      # about c\n      c: 2\n# end\n",
            "a:\n  # about b\n  b: 1\n\n  # about c\n  c: 2\n\n# end\n"
        ),
        (
            "a:\n    b: |\n        one\n          two\n\n        three\n    c: 1\n",
            "a:\n  b: |\n    one\n      two\n\n    three\n  c: 1\n"
        ),
        (
            "- |\n  one # no comment\n  two\n- >-\n      three\n",
            "- |\n  one # no comment\n  two\n- >-\n  three\n"
        ),
        ("a: one\n     two\n     three\nb: 1\n", "a: one\n  two\n  three\n\nb: 1\n"),
        ("a: \"one\n     two # three\"\nb: 1\n", "a: \"one\n  two # three\"\n\nb: 1\n"),
        (
            "a: http://x:1/y#z\nb: 'it''s'\nc: \"a\\\"b: c\"\n",
            "a: http://x:1/y#z\nb: 'it''s'\nc: \"a\\\"b: c\"\n"
        ),
        ("a: &x { b: 1 }\nc: *x\n", "a: &x { b: 1 }\nc: *x\n"),
        ("a: ${PORT}\nb: \"${X:-a b}\"\n", "a: ${PORT}\nb: \"${X:-a b}\"\n"),
        ("{\"a\":1,\"b\":[true,null]}", "{ a: 1, b: [true, null] }\n"),
    ])
    func formats(text: String, expected: String) throws {
        let formatted = try ConfigFormatter.format(text, file: "a.yaml")
        #expect(formatted == expected)
        #expect(try ConfigFormatter.format(formatted, file: "a.yaml") == formatted)
    }

    /// Forms that are not laid out are left alone, whole.
    @Test(arguments: [
        "? a\n:   1\n", "%YAML 1.1\n---\na:   1\n", "a: |2\n     b\n", "a: 1\u{2028}b:   1\n",
    ])
    func leavesAlone(text: String) throws {
        #expect(try ConfigFormatter.format(text, file: "a.yaml") == text)
    }

    @Test(arguments: ["a: [", "a: 1\na: 2\n", "a: 1\n---\nb: 2\n", "\tb"])
    func refusesWhatIsNotYAML(text: String) {
        let error = #expect(throws: InvalidConfig.self) {
            try ConfigFormatter.format(text, file: "a.yaml")
        }
        #expect(error?.diagnostics.first?.location.file == "a.yaml")
    }

    /// What the loader reads from the formatted text is what it read before.
    @Test func keepsTheDocument() throws {
        let text = FullConfig.text
        let formatted = try ConfigFormatter.format(text, file: "martlet.yaml")
        let (before, after) = (try FullConfig.load(), try FullConfig.load(formatted))
        #expect(after.document?.withoutPlaces == before.document?.withoutPlaces)
        #expect(before.document != nil)
        #expect(formatted != text)
    }
}

extension ConfigDocument {
    /// All that the document says, with every place forgotten.
    var withoutPlaces: String {
        String(describing: self).replacing(
            /SourceLocation\(file: "[^"]*", line: \d+, column: \d+\)/, with: "place")
    }
}
