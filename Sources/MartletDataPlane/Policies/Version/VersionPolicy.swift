package import MartletAlgorithms
package import MartletConfig
package import MartletHTTP

/// Tells clients that a version is on its way out (RFC 9745, RFC 8594), and refuses it when it is
/// out (row L1).
///
/// Immutable; everything that is sent is rendered at load.
package struct VersionPolicy: Sendable {
    package let lifecycle: VersionLifecycle
    /// `name: value CR LF`, with the length of the name.
    private let lines: [(line: [UInt8], nameCount: Int)]
    /// What the problem document says of it: `,"successor":"…"`, or nothing.
    let problemMember: [UInt8]

    package init(_ config: VersionConfig) {
        self.lifecycle = VersionLifecycle(
            deprecatedAt: config.deprecated.map(Int64.init), sunsetAt: config.sunset.map(Int64.init)
        )
        var lines: [(line: [UInt8], nameCount: Int)] = []
        func add(_ name: String, _ value: String) {
            lines.append((Array("\(name): \(value)\r\n".utf8), name.utf8.count))
        }
        // A structured field's date (RFC 9651 §3.3.7); one to come is allowed (RFC 9745 §2.1).
        if let deprecated = config.deprecated { add("deprecation", "@\(deprecated)") }
        if let sunset = config.sunset {
            var date: [UInt8] = []
            HTTPDate(secondsSinceEpoch: sunset).write(to: &date)
            add("sunset", String(decoding: date, as: UTF8.self))
        }
        if let successor = config.successor {
            add("link", "<\(successor)>; rel=\"successor-version\"")
        }
        if let documentation = config.documentation {
            let rel = config.deprecated == nil ? "sunset" : "deprecation"
            add("link", "<\(documentation)>; rel=\"\(rel)\"; type=\"text/html\"")
        }
        self.lines = lines
        self.problemMember = config.successor.map { Array(",\"successor\":\"\($0)\"".utf8) } ?? []
    }

    /// Whether it is out at a time, in seconds since 1970.
    package func isGone(at seconds: Int64) -> Bool { self.lifecycle.stage(at: seconds) == .gone }

    func check(_ exchange: Exchange, row: UInt32) -> Verdict {
        guard self.isGone(at: exchange.worker.wallSeconds) else { return .next }
        self.countCaller(exchange)
        return .reply(.gone(row))
    }

    private func countCaller(_ exchange: Exchange) {
        // A dry run asks for nobody.
        guard exchange.downstream != nil else { return }
        let route = Int(exchange.match.route)
        exchange.worker.deprecatedCalls.count(
            exchange, route: route, routeHash: exchange.generation.plan.routeHashes[route])
    }

    /// Tells of the schedule, and notes who calls.
    func apply(to exchange: Exchange) {
        self.apply(to: &exchange.response.headers)
        guard self.lifecycle.stage(at: exchange.worker.wallSeconds) != .active else { return }
        self.countCaller(exchange)
    }

    /// Tells of the schedule.
    package func apply(to headers: inout HeaderList) {
        for entry in self.lines {
            headers.addLine(entry.line.span, nameCount: entry.nameCount, known: .other)
        }
    }
}
