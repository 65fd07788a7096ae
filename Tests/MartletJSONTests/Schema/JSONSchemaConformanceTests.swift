import Foundation
import MartletJSON
import Testing

/// The JSON-Schema-Test-Suite for draft 2020-12: all that is required, and of what is optional all
/// but what is listed here.
@Suite struct JSONSchemaConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/conformance/json-schema").standardizedFileURL

    static let names: [String] = {
        let root = folder.appending(path: "draft2020-12").path
        let names = FileManager.default.subpaths(atPath: root) ?? []
        if names.isEmpty { print("skipped: no conformance data in \(folder.path)") }
        return names.filter { $0.hasSuffix(".json") }.sorted()
    }()

    /// The schemas that tests refer to, by the address they expect them at.
    static let remotes: [JSONSchema.Source] = {
        let root = folder.appending(path: "remotes")
        let names = FileManager.default.subpaths(atPath: root.path) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            // Earlier and later drafts have other meanings of the same keywords.
            let isOther = name.hasPrefix("draft") && !name.hasPrefix("draft2020-12")
            guard !isOther, !name.hasPrefix("v1/"),
                let text = try? Data(contentsOf: root.appending(path: name))
            else { return nil }
            return JSONSchema.Source(
                uri: "http://localhost:1234/" + name, text: ContiguousArray(text))
        }
    }()

    /// Optional tests that fail, by file and the descriptions of group and test, and why.
    static let known: [String: String] = [
        "optional/cross-draft.json: refs to historic drafts are processed as historic drafts: "
            + "first item not a string is valid":
            "only 2020-12 is known",
        "optional/format/hostname.json: validation of A-label (punycode) host names: "
            + "ZERO WIDTH NON-JOINER not preceded by Virama but matches regexp":
            "the rule by joining types is not applied",
        "optional/format/idn-hostname.json: validation of internationalized host names: "
            + "ZERO WIDTH NON-JOINER not preceded by Virama but matches regexp":
            "the rule by joining types is not applied",
        "optional/format/idn-hostname.json: validation of internationalized host names: "
            + "Bidi domain name with a digit-first label is invalid":
            "the Bidi rule of RFC 5893 is not applied",
        "optional/format/idn-hostname.json: validation of internationalized host names: "
            + "label starting with a digit before a right-to-left letter is invalid":
            "the Bidi rule of RFC 5893 is not applied",
        "optional/format/idn-hostname.json: validation of internationalized host names: "
            + "left-to-right label containing a right-to-left letter is invalid":
            "the Bidi rule of RFC 5893 is not applied",
        "optional/format/idn-hostname.json: validation of internationalized host names: "
            + "right-to-left label mixing both digit types is invalid":
            "the Bidi rule of RFC 5893 is not applied",
        "optional/format/idn-hostname.json: validation of internationalized host names: "
            + "A-label that decodes to a Bidi rule violation is invalid":
            "the Bidi rule of RFC 5893 is not applied",
        "optional/format/idn-hostname.json: validation of internationalized host names: "
            + "non-canonical Punycode that does not re-encode to itself is invalid":
            "only decoded, not encoded again",
    ]

    @Test(arguments: names)
    func file(name: String) throws {
        let text = try Data(contentsOf: Self.folder.appending(path: "draft2020-12/" + name))
        let suite = try JSONDocument(Array(text).span)
        var passed = 0
        for group in suite.elements(0) {
            passed += try self.run(group, of: suite, name: name)
        }
        #expect(passed > 0 || name == "optional/cross-draft.json")
    }

    private func run(_ group: Int, of suite: JSONDocument, name: String) throws -> Int {
        var options = JSONSchema.Options()
        options.assertsFormat = name.hasPrefix("optional/format/")
        let schemaNode = try #require(suite.value(of: "schema", in: group))
        let schemaText = suite.text(schemaNode)
        var bytes: ContiguousArray<UInt8> = []
        for index in schemaText.indices { bytes.append(schemaText[index]) }
        let groupName = suite.textOf("description", in: group)
        let schema = Result { () throws(JSONSchema.Failure) in
            try JSONSchema(
                .init(uri: "schema:test", text: bytes), others: Self.remotes, options: options)
        }
        var validator = JSONSchemaValidator()
        var passed = 0
        for test in suite.elements(try #require(suite.value(of: "tests", in: group))) {
            let testName = suite.textOf("description", in: test)
            let value = try #require(suite.value(of: "data", in: test))
            let expected = suite.value(of: "valid", in: test).map(suite.kind) == .true
            let key = "\(name): \(groupName): \(testName)"
            var outcome = "does not compile"
            var isRight = false
            switch schema {
            case .success(let schema):
                let found = validator.validate(suite, value, against: schema)
                isRight = found == (expected ? .valid : .invalid)
                outcome = "\(found) \(validator.violations.map { $0.sentence(of: schema) })"
                #expect(validator.violations.isEmpty == (found != .invalid), "\(key)")
            case .failure(let failure): outcome = "\(failure.errors)"
            }
            if isRight { passed += 1 }
            let isKnown = name.hasPrefix("optional/") && Self.known[key] != nil
            #expect(isRight != isKnown, "\(key): \(outcome)")
        }
        return passed
    }
}

extension JSONDocument {
    /// The values of an array.
    func elements(_ array: Int) -> [Int] {
        var nodes: [Int] = []
        var child = self.firstChild(of: array)
        while child < self.end(of: array) {
            nodes.append(child)
            child = self.end(of: child)
        }
        return nodes
    }

    func textOf(_ key: StaticString, in object: Int) -> String {
        guard let node = self.value(of: key, in: object) else { return "" }
        let span = self.string(node)
        return unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
