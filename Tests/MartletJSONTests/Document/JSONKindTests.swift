import MartletJSON
import Testing

@Suite struct JSONKindTests {
    static let kinds: [(String, JSONKind, isContainer: Bool)] = [
        ("null", .null, false), ("false", .false, false), ("true", .true, false),
        ("-1", .number, false), ("\"\"", .string, false), ("[]", .array, true),
        ("{}", .object, true),
    ]

    @Test(arguments: kinds)
    func isThatOfTheText(text: String, kind: JSONKind, isContainer: Bool) throws {
        let document = try JSONDocument(text)
        #expect(document.kind(0) == kind)
        #expect(kind.isContainer == isContainer)
        #expect(kind.isBoolean == ["true", "false"].contains(text))
    }
}

extension JSONDocument {
    init(_ text: String, limits: JSONLimits = JSONLimits()) throws {
        let bytes = Array(text.utf8)
        self = try JSONDocument(bytes.span, limits: limits)
    }

    /// For texts that allow twins.
    init(twins text: String) throws {
        var limits = JSONLimits()
        limits.allowsDuplicateKeys = true
        try self.init(text, limits: limits)
    }

    func value(_ pointer: String) throws -> Int? {
        self.value(at: try JSONPointer(pointer))
    }
}
