import Foundation
import MartletConfig
import Testing

@Suite struct DiagnosticPrinterTests {
    private let location = SourceLocation(file: "a.yaml", line: 2, column: 3)

    @Test func textShowsTheLine() {
        let diagnostic = Diagnostic(
            .warning, at: self.location, path: "a", "odd", hint: "even",
            related: SourceLocation(file: "b.yaml", line: 1, column: 1))
        let printer = DiagnosticPrinter(sources: ["a.yaml": SourceText("x\r\n\tyz\u{1b}[0m\n")])
        #expect(
            printer.text([diagnostic]) == """
                a.yaml:2:3: warning: odd
                     yz [0m
                      ^
                  see also: b.yaml:1:1
                  hint: even

                """)
    }

    @Test func placesThatDoNotExistAreLeftOut() {
        let printer = DiagnosticPrinter(sources: ["a.yaml": SourceText("x")])
        let far = SourceLocation(file: "a.yaml", line: 1, column: 99)
        #expect(
            printer.text([Diagnostic(.error, at: far, path: "", "odd")])
                == "a.yaml:1:99: error: odd\n")
        #expect(printer.text([Diagnostic(.error, at: .unknown, path: "", "odd")]) == "error: odd\n")
    }

    @Test func jsonHoldsEverything() throws {
        let diagnostic = Diagnostic(
            .error, at: self.location, path: "a.b", "\"odd\"\n\u{1}", hint: "é",
            related: self.location)
        let text = DiagnosticPrinter().json([diagnostic])
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let first = try #require((root["diagnostics"] as? [[String: Any]])?.first)
        #expect(first["message"] as? String == "\"odd\"\n\u{1}")
        #expect(first["severity"] as? String == "error")
        #expect(first["path"] as? String == "a.b")
        #expect(first["hint"] as? String == "é")
        #expect(first["line"] as? Int == 2 && first["column"] as? Int == 3)
        #expect((first["related"] as? [String: Any])?["file"] as? String == "a.yaml")
    }
}
