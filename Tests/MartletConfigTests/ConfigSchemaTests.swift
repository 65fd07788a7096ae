import Foundation
import MartletConfig
import Testing

@Suite struct ConfigSchemaTests {
    @Test func theReferenceIsUpToDate() throws {
        let url = GoldenFile.root.appending(path: "docs/config/reference.md")
        let markdown = ConfigSchema.markdown()
        if GoldenFile.isUpdating {
            try markdown.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == markdown, "run `make golden`")
    }

    @Test func theSchemaIsJSONWithDefaultsAndDescriptions() throws {
        let data = Data(ConfigSchema.json().utf8)
        let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["additionalProperties"] as? Bool == false)
        let properties = try #require(schema["properties"] as? [String: Any])
        let drain = try #require(properties["drain"] as? [String: Any])
        let fields = try #require(drain["properties"] as? [String: Any])
        let deadline = try #require(fields["deadline"] as? [String: Any])
        #expect(deadline["default"] as? String == "30s")
        #expect((deadline["description"] as? String)?.contains("exit code") == true)
        #expect(
            properties.keys.sorted() == [
                "abuse-detection", "admin", "authentication", "consumers", "drain", "egress",
                "held-body-memory", "include", "limits", "listeners", "load-shedding",
                "locality", "rate-limits", "regions", "routes", "telemetry", "timeouts",
                "upstreams", "workers",
            ])
    }

    @Test func everyKeyIsDescribed() {
        let markdown = ConfigSchema.markdown()
        #expect(ConfigSchema.keyPaths().count > 100)
        #expect(!markdown.contains("|  |\n"), "a key without a meaning")
    }
}
