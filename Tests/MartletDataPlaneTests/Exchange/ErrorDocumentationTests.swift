import Foundation
import MartletDataPlane
import MartletHTTP
import Testing

/// `docs/errors.md` says of every error what the code does, and of nothing else.
@Suite struct ErrorDocumentationTests {
    /// Rows of the page's tables that begin with a name in code style, as lists of cells.
    private static let rows: [[String]] = {
        let page = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/errors.md")
        guard let text = try? String(contentsOf: page, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.dropFirst(2).components(separatedBy: " | ")
        }
    }()

    private static func row(of name: String) -> [String]? {
        self.rows.first { $0.first == "`\(name)`" }
    }

    @Test(arguments: ProxyError.allCases)
    func proxyErrorIsDescribed(error: ProxyError) throws {
        let row = try #require(Self.row(of: "\(error.name)"), "no row for \(error.name)")
        try #require(row.count >= 4)
        #expect(row[1] == "\(error.status)")
        #expect(row[2] == "`\(error.proxyStatusType)`")
    }

    @Test(arguments: MessageError.allCases)
    func messageErrorIsDescribed(error: MessageError) throws {
        let row = try #require(Self.row(of: "\(error)"), "no row for \(error)")
        try #require(row.count >= 3)
        #expect(row[1] == "\(error.requestStatus)")
        #expect(row[2].hasPrefix("\(error.detail)"))
    }

    @Test(arguments: RequestTargetError.allCases)
    func requestTargetErrorIsDescribed(error: RequestTargetError) throws {
        let row = try #require(Self.row(of: "\(error)"), "no row for \(error)")
        try #require(row.count >= 3)
        #expect(row[1] == "400")
        #expect(row[2].hasPrefix("\(error.detail)"))
    }

    @Test func nothingElseIsDescribed() {
        let names =
            ProxyError.allCases.map { "`\($0.name)`" } + MessageError.allCases.map { "`\($0)`" }
            + RequestTargetError.allCases.map { "`\($0)`" }
        #expect(Self.rows.compactMap(\.first).sorted() == names.sorted())
    }
}
