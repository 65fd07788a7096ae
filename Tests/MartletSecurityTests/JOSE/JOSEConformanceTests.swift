import Foundation
import MartletJSON
import MartletSecurity
import Testing

/// Vectors collected by others: Wycheproof, attacks included, and the examples of the RFCs.
@Suite struct JOSEConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/conformance/jose").standardizedFileURL

    static let files: [String] = {
        let names =
            (try? FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: "wycheproof").path)) ?? []
        let files = names.filter { $0.hasSuffix("_test.json") }
        if files.isEmpty { print("skipped: no conformance data in \(folder.path)") }
        return files.sorted()
    }()

    static let cookbook: [String] = {
        ["cookbook/jws", "cookbook/curve25519", "cookbook/rfc7797"].flatMap { part in
            ((try? FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: part).path)) ?? []).sorted().map { "\(part)/\($0)" }
        }
    }()

    /// Valid to Wycheproof, and refused here on purpose.
    static let stricter: [String: String] = [
        "InvalidCharacterInsertedInHeader": "RFC 4648 §3.3: bytes outside the alphabet",
        "InvalidCharacterInsertedInPayload": "RFC 4648 §3.3",
        "alg ES521": "RFC 7518 §3.4 has no such algorithm; the key says it is for it",
        "key_ops `sign, verify`": "RFC 7517 §4.3: one element, which is no operation",
    ]

    /// The token is of another algorithm than its key says it is for (RFC 8725 §3.1).
    static let otherAlgorithm: Set<Int> = [346, 350]

    /// Invalid to Wycheproof though the text is that of another case which is valid.
    static let misprints: Set<Int> = [367, 370]

    private struct Group {
        let keys: KeySet?
        let tests: [[String: Any]]
        let excuse: String?
    }

    private static func groups(_ file: String) throws -> [Group] {
        let content = try Data(contentsOf: Self.folder.appending(path: "wycheproof/\(file)"))
        let root = try #require(try JSONSerialization.jsonObject(with: content) as? [String: Any])
        let groups = try #require(root["testGroups"] as? [[String: Any]])
        return try groups.map { group in
            let key = try #require(group["public"] ?? group["private"])
            let isSet = (key as? [String: Any])?["keys"] != nil
            let text = try JSONSerialization.data(withJSONObject: isSet ? key : ["keys": [key]])
            let tests = try #require(group["tests"] as? [[String: Any]])
            let excuse: String? =
                switch key as? [String: Any] {
                case .some(let key) where key["alg"] as? String == "ES521": "alg ES521"
                case .some(let key) where key["key_ops"] as? [String] == ["sign, verify"]:
                    "key_ops `sign, verify`"
                default: nil
                }
            return Group(
                keys: try? KeySet.parse(Array(text).span, version: 1), tests: tests, excuse: excuse)
        }
    }

    private static func accepts(_ text: String, _ keys: KeySet?) -> Bool {
        guard let token = try? CompactToken(Array(text.utf8).span), let keys else { return false }
        return keys.check(token) == .verified
    }

    @Test(arguments: files)
    func wycheproof(file: String) throws {
        var (accepted, refused, excused) = (0, 0, 0)
        for group in try Self.groups(file) {
            for test in group.tests {
                let number = try #require(test["tcId"] as? Int)
                let comment = try #require(test["comment"] as? String)
                let isValid = test["result"] as? String == "valid"
                // Encrypted tokens are not taken at all.
                guard let text = (test["jws"] ?? test["jwe"]) as? String else {
                    refused += 1
                    continue
                }
                let isAccepted = Self.accepts(text, group.keys)
                if isAccepted { accepted += 1 } else { refused += 1 }
                if isAccepted == isValid { continue }
                let reason = group.excuse ?? comment
                if isValid,
                    test["jwe"] != nil || Self.otherAlgorithm.contains(number)
                        || Self.stricter[reason] != nil
                {
                    excused += 1
                } else if !isValid, Self.misprints.contains(number) {
                    excused += 1
                } else {
                    Issue.record("\(file) \(number) \(comment): accepted \(isAccepted)")
                }
            }
        }
        print("\(file): \(accepted) accepted, \(refused) refused, \(excused) excused")
        #expect(accepted > 0)
    }

    /// Compact examples verify with their key; detached, unencoded and JSON forms have none.
    @Test(arguments: cookbook)
    func example(name: String) throws {
        let content = try Data(contentsOf: Self.folder.appending(path: name))
        let root = try #require(try JSONSerialization.jsonObject(with: content) as? [String: Any])
        guard let output = root["output"] as? [String: Any],
            let input = root["input"] as? [String: Any],
            let text = output["compact"] as? String, let key = input["key"],
            (root["signing"] as? [String: Any]) != nil
        else { return }
        guard !text.contains(".."), !name.contains("b64_false") else {
            #expect(!Self.accepts(text, nil))
            return
        }
        let encoded = try JSONSerialization.data(withJSONObject: ["keys": [key]])
        let keys = try KeySet.parse(Array(encoded).span, version: 1)
        #expect(Self.accepts(text, keys))
        var forged = Array(text.utf8)
        forged[forged.count / 2] ^= 1
        #expect(!Self.accepts(String(decoding: forged, as: UTF8.self), keys))
    }
}
