import MartletInspection
import Testing

/// Texts that end where a detector looks on: nothing may trap.
@Suite struct TextReadingTests {
    static let starts = [
        "<", "<s", "<script", "<!", "<?", "${", "$(", "$", "{{", "<%", "&#", "&#x", "%u", "\\u{",
        "\\x", "%", "union", "union select", "' or", "'--", "/*", "/*!", "if ", "for %", "if not",
        "o:1:", "0x2e", "..", "../", "javascript", "javascript:", "() {", "~+", "!-", "bin/",
        "$shell",
        "while(", "function(", "process[", "@a:", "1.e", "data:", "http://", "http://[", "unix:|",
        ")(", ")&(", "\r\n", "get / http/", "[$", "<!doctype", "`", "'", "\"", "a[", "a=", "alias ",
        "time ", "<<<", "{,", "[][(", "import ", "import {", "on=", "a.b/../", "(a)(", "$a[", "+A",
    ]

    @Test(arguments: Self.starts)
    func endsAnywhere(_ text: String) {
        for level in [InspectionLevel.standard, .strict] {
            var bytes = Array(text.utf8)
            while !bytes.isEmpty {
                let text = String(decoding: bytes, as: UTF8.self)
                _ = Inspected.value(text, level)
                _ = Inspected.path("/" + text, level)
                _ = Inspected.header("X-A", text, level)
                bytes.removeLast()
            }
        }
    }

    @Test func pairsOfStartsEndAnywhere() {
        var inspector = RequestInspector(InspectionSettings())
        let type = Array("text/plain".utf8)
        for first in Self.starts {
            for second in Self.starts {
                let text = Array((first + second).utf8)
                inspector.inspectBody(text.span, contentType: type.span)
                inspector.reset()
            }
        }
    }
}
