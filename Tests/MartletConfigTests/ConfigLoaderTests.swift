import Foundation
import MartletConfig
import Testing

@Suite struct ConfigLoaderTests {
    static let small = "listeners: { public: \":8080\" }\nroutes: [{ respond: 204 }]\n"

    private func load(
        _ text: String, _ environment: [String: String] = [:], in folder: TemporaryFolder? = nil
    ) -> ConfigLoadResult {
        ConfigLoader.load(
            text: text, file: "martlet.yaml", environment: environment,
            directory: folder?.path ?? "")
    }

    @Test func theShortestUsefulFileHasDefaults() throws {
        let document = try self.load(
            """
            listeners: { public: ":8080" }
            upstreams: { a: http://127.0.0.1:1 }
            routes: [{ upstream: a }]
            """
        ).get()
        #expect(document.workers == nil)
        #expect(document.listeners[0].limits == ListenerLimitsConfig())
        #expect(document.upstreams[0].timeouts == UpstreamTimeoutsConfig())
        #expect(document.admin == AdminConfig())
        #expect(document.telemetry == TelemetryConfig())
        #expect(document.routes[0].match == RouteMatchConfig())
    }

    @Test(arguments: [
        ("workers: auto", nil), ("workers: 4", 4), ("workers: ${W}", 7), ("workers: \"${W}\"", 7),
        ("workers: ${X:-5}", 5),
    ])
    func workers(text: String, expected: Int?) throws {
        #expect(try self.load("\(Self.small)\(text)\n", ["W": "7"]).get().workers == expected)
    }

    @Test(arguments: [
        ("admin: off", false), ("admin: \"127.0.0.1:9\"", true),
        ("admin: { enabled: false }", false),
        ("admin: localhost:1", true), ("admin: \"[::1]:1\"", true),
    ])
    func admin(text: String, isEnabled: Bool) throws {
        #expect(try self.load("\(Self.small)\(text)\n").get().admin.enabled == isEnabled)
    }

    @Test(arguments: [
        ("off", AccessLogConfig.Destination.off), ("stdout", .standardOutput),
        ("stderr", .standardError), ("/a/b", .file("/a/b")),
    ])
    func accessLog(text: String, expected: AccessLogConfig.Destination) throws {
        let document = try self.load("\(Self.small)telemetry: { access-log: \(text) }\n").get()
        #expect(document.telemetry.accessLog.destination == expected)
    }

    @Test func jsonIsRead() throws {
        let text =
            #"{"listeners":{"public":":8080"},"routes":[{"respond":{"status":200,"body":"a\/b"}}]}"#
        let document = try self.load("\u{FEFF}" + text).get()
        #expect(document.routes[0].respond?.body == "a/b")
    }

    @Test func aliasesAreExpanded() throws {
        let document = try self.load(
            """
            listeners:
              a: { address: ":1", timeouts: &slow { idle: 90s } }
              b: { address: ":2", timeouts: *slow }
            """
        ).get()
        #expect(document.listeners.map(\.timeouts.idle) == [.seconds(90), .seconds(90)])
    }

    @Test func substitutedTextIsNeitherStructureNorTemplate() throws {
        let environment = ["A": "x, y: [z]", "B": "{name}", "C": "${A}", "D": ""]
        let document = try self.load(
            """
            listeners: { public: ":8080" }
            upstreams: { u: http://127.0.0.1:1 }
            routes:
              - match: { path: "/{id}" }
                upstream: u
                headers:
                  request:
                    set: { a: "${A}", b: "{id} ${B}", c: "${C}", d: "${D:-e}", e: "$${A}", f: "$A" }
            """, environment
        ).get()
        #expect(
            document.routes[0].requestHeaders.set.map(\.value) == [
                "x, y: [z]", "{id} {{name}", "${{A}", "e", "${{A}", "$A",
            ])
    }

    @Test func secretsComeFromFiles() throws {
        let folder = try TemporaryFolder()
        try folder.write("Bearer {x}\n", to: "secrets/token")
        try folder.write("<html>{}\n\n", to: "page.html")
        let result = self.load(
            """
            listeners: { public: ":8080" }
            upstreams: { u: http://127.0.0.1:1 }
            routes:
              - upstream: u
                headers: { request: { set: { authorization: "file:secrets/token" } } }
              - match: { path: / }
                respond: { body: { file: page.html } }
            """, in: folder)
        let document = try result.get()
        #expect(document.routes[0].requestHeaders.set.map(\.value) == ["Bearer {{x}"])
        #expect(document.routes[1].respond?.body == "<html>{}\n")
        #expect(
            result.files.map { String($0.dropFirst(folder.path.count + 1)) } == [
                "martlet.yaml", "secrets/token", "page.html",
            ])
    }

    @Test func aSecretFileHasALimit() throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "a", count: 1024 * 1024), to: "fits")
        try folder.write(String(repeating: "a", count: 1024 * 1024 + 1), to: "big")
        let text = { (name: String) in
            Self.small.replacing("respond: 204", with: "respond: { body: { file: \(name) } }")
        }
        #expect(self.load(text("fits"), in: folder).document != nil)
        #expect(
            self.load(text("big"), in: folder).errors.first?.message.contains("too large") == true)
    }

    @Test func includesAreMergedInOrder() throws {
        let folder = try TemporaryFolder()
        try folder.write("routes: [{ name: b, upstream: u }]\n", to: "routes/b.yaml")
        try folder.write(
            "include: more/c.yaml\nroutes: [{ name: a, upstream: u }]\n", to: "routes/a.yaml")
        try folder.write("upstreams: { u: http://127.0.0.1:1 }\n", to: "routes/more/c.yaml")
        try folder.write("routes: nonsense", to: "routes/.hidden.yaml")
        try folder.write(
            "include: \"routes/*.yaml\"\nlimits: { max-header-count: 9 }\n"
                + "listeners: { public: \":8080\" }\n", to: "martlet.yaml")
        let path = "\(folder.path)/martlet.yaml"
        let result = ConfigLoader.load(path: path, environment: [:])
        let document = try result.get()
        #expect(document.routes.map(\.name) == ["a", "b"])
        #expect(document.upstreams.map(\.source.file) == ["\(folder.path)/routes/more/c.yaml"])
        #expect(
            result.files
                == ["martlet.yaml", "routes/a.yaml", "routes/more/c.yaml", "routes/b.yaml"]
                .map { "\(folder.path)/\($0)" })
    }

    @Test func aMissingMainFileIsTold() {
        let result = ConfigLoader.load(path: "/nonexistent/martlet.yaml", environment: [:])
        #expect(result.document == nil)
        #expect(
            result.errors.map(\.message)
                == ["the file `/nonexistent/martlet.yaml` cannot be used: there is no such file"])
        #expect(result.files == ["/nonexistent/martlet.yaml"])
        #expect(throws: InvalidConfig.self) { try result.get() }
    }

    @Test func bytesThatAreNotUTF8AreRefused() throws {
        let folder = try TemporaryFolder()
        try Data([0x61, 0xff, 0xfe]).write(to: URL(filePath: folder.path + "/a.yaml"))
        let result = ConfigLoader.load(path: folder.path + "/a.yaml", environment: [:])
        #expect(result.errors.first?.message.contains("not UTF-8") == true)
    }

    @Test func warningsDoNotBlock() {
        let result = self.load("\(Self.small)upstreams: { unused: http://127.0.0.1:1 }\n")
        #expect(result.document != nil)
        #expect(result.warnings.count == 1)
    }

    /// No text makes the loader trap; each gives a document or a reason, and formatting keeps it.
    @Test(arguments: 1...10)
    func hostileTextIsRefused(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<15 {
            let text = Self.damaged(FullConfig.text, &generator)
            let result = self.load(text)
            #expect(result.document != nil || !result.errors.isEmpty, "\(text)")
            _ = DiagnosticPrinter(sources: result.sources).text(result.diagnostics)
            guard let formatted = try? ConfigFormatter.format(text, file: "martlet.yaml") else {
                continue
            }
            let after = self.load(formatted)
            #expect(after.document?.withoutPlaces == result.document?.withoutPlaces, "\(text)")
            #expect((try? ConfigFormatter.format(formatted, file: "a")) == formatted, "\(text)")
        }
    }

    private static func damaged(_ text: String, _ generator: inout SeededGenerator) -> String {
        let noise = Array(
            "{}[]:\"'*&!|>%@`#-?,\n\t\r $\u{0}\u{85}\u{2028}é\u{1F600}".unicodeScalars)
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let index = Int.random(in: 0..<scalars.count, using: &generator)
            let other = noise.randomElement(using: &generator) ?? " "
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: scalars.remove(at: index)
            case 1: scalars.insert(other, at: index)
            default: scalars[index] = other
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
