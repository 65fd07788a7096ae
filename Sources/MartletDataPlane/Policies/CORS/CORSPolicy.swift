import MartletConfig
import MartletHTTP

/// Which pages of other origins may use a route from a browser (Fetch §3.2; row C10).
///
/// Preflights are answered here and reach nobody else. Every other answer, of the upstream or our
/// own, gets what lets the page read it, and loses what an upstream said of its own. Immutable.
struct CORSPolicy: Sendable, Equatable {
    private let allowsAnyOrigin: Bool
    private let origins: [OriginPattern]
    private let methods: [[UInt8]]
    private let allowsAnyHeader: Bool
    private let headers: [[UInt8]]
    private let allowsPrivateNetwork: Bool
    /// `access-control-…` lines, as they are written.
    private let answerLines: [Line]
    private let preflightLines: [Line]

    private struct Line: Sendable, Equatable {
        let bytes: [UInt8]
        let nameCount: Int

        init(_ name: String, _ value: String) {
            self.bytes = Array("\(name): \(value)\r\n".utf8)
            self.nameCount = name.utf8.count
        }

        func add(to headers: inout HeaderList) {
            headers.addLine(self.bytes.span, nameCount: self.nameCount, known: .other)
        }
    }

    init(_ config: CORSConfig) throws(InvalidPolicy) {
        var origins: [OriginPattern] = []
        if case .listed(let texts) = config.origins {
            for text in texts {
                guard let origin = try? OriginPattern(parsing: text) else {
                    throw InvalidPolicy("`\(text)` is not an origin")
                }
                origins.append(origin)
            }
        }
        self.allowsAnyOrigin = config.origins == .any
        self.origins = origins
        self.methods = config.methods.map { Array($0.utf8) }
        self.allowsAnyHeader = config.headers == .any
        var headers: [String] = []
        if case .listed(let names) = config.headers { headers = names }
        self.headers = headers.map { Array($0.utf8) }
        self.allowsPrivateNetwork = config.privateNetwork
        guard !(self.allowsAnyOrigin && config.credentials) else {
            throw InvalidPolicy("`cors` with credentials for every origin")
        }
        var answer: [Line] = []
        var preflight = [
            Line("access-control-allow-methods", config.methods.joined(separator: ", ")),
            Line("access-control-max-age", String(config.maxAge.components.seconds)),
        ]
        if config.credentials { answer.append(Line("access-control-allow-credentials", "true")) }
        if !headers.isEmpty || self.allowsAnyHeader {
            // The star stands for every name but this one (Fetch §3.2.3).
            let names = self.allowsAnyHeader ? "*, authorization" : headers.joined(separator: ", ")
            preflight.append(Line("access-control-allow-headers", names))
        }
        if !config.expose.isEmpty {
            answer.append(
                Line("access-control-expose-headers", config.expose.joined(separator: ", ")))
        }
        self.answerLines = answer
        self.preflightLines = preflight
    }

    // MARK: Requests

    /// Notes who asks; the reply to a preflight.
    ///
    /// - `row`: this policy's own in the plan.
    func apply(to exchange: Exchange, row: Int) -> LocalReply? {
        self.note(exchange, row: row)
        guard exchange.isPreflight else { return nil }
        let isGranted =
            !exchange.allowedOrigin.isEmpty && self.grants(exchange.request.headers)
        if !isGranted { exchange.allowedOrigin = .empty }
        return isGranted ? .preflight : .problem(.originDenied)
    }

    /// Notes who asks.
    func note(_ exchange: Exchange, row: Int) {
        exchange.corsPolicy = row
        self.readOrigin(exchange, exchange.request.headers)
    }

    private func readOrigin(_ exchange: Exchange, _ headers: borrowing HeaderList) {
        guard headers.presence & HeaderName.origin.bit != 0 else { return }
        var sole: ByteRange?
        for field in headers.fields where field.known == .origin && !field.isRemoved {
            // Of two, nobody knows which one an upstream takes.
            guard sole == nil else { return }
            sole = field.value
        }
        guard let value = sole, self.allows(headers.span(value)) else { return }
        exchange.allowedOrigin = value
    }

    private func allows(_ origin: Span<UInt8>) -> Bool {
        if self.allowsAnyOrigin { return !origin.isEmpty }
        for index in self.origins.indices where self.origins[index].matches(origin) { return true }
        return false
    }

    /// Whether the method, the headers and the network that a preflight asks for are allowed.
    private func grants(_ headers: borrowing HeaderList) -> Bool {
        guard let method = CORSPreflight.requestedMethod(headers),
            self.contains(self.methods, headers.span(method))
        else { return false }
        if !self.allowsPrivateNetwork,
            WebSocketHandshake.value(of: "access-control-request-private-network", in: headers)
                != nil
        {
            return false
        }
        return self.allowsAnyHeader || self.grantsHeaders(headers)
    }

    private static let requestedHeaders = Array("access-control-request-headers".utf8)

    /// Several lines are one list (RFC 9110 §5.3).
    private func grantsHeaders(_ headers: borrowing HeaderList) -> Bool {
        for index in headers.fields.indices
        where headers.isField(index, named: Self.requestedHeaders.span) {
            var elements = ListElements(headers.fields[index].value)
            while let name = elements.next(in: headers.bytes.span) {
                guard self.containsHeader(headers.span(name)) else { return false }
            }
        }
        return true
    }

    private func contains(_ values: [[UInt8]], _ value: Span<UInt8>) -> Bool {
        for index in values.indices where value.isEqual(to: values[index]) { return true }
        return false
    }

    private func containsHeader(_ name: Span<UInt8>) -> Bool {
        for index in self.headers.indices {
            let header = self.headers[index]
            if name.isEqualIgnoringCase(to: header.span) { return true }
        }
        return false
    }

    // MARK: Answers

    private static let prefix = Array("access-control-".utf8)
    private static let allowOrigin = Array("access-control-allow-origin".utf8)
    private static let anyOrigin = Line("access-control-allow-origin", "*")
    private static let privateNetwork = Line("access-control-allow-private-network", "true")
    private static let exposedStatus = Line(
        "access-control-expose-headers", "grpc-status, grpc-message")
    private static let vary = Line("vary", "Origin")
    private static let preflightVary = Line(
        "vary", "Access-Control-Request-Method, Access-Control-Request-Headers")

    /// Writes into the head of the exchange's answer what the page's browser has to know.
    func write(to exchange: Exchange) {
        exchange.response.headers.removeAnySpelling(beginning: Self.prefix)
        // Also without `Origin`: who asks with one must not get this answer from a cache.
        if !self.allowsAnyOrigin { Self.addVary(Self.vary, &exchange.response.headers) }
        if exchange.isPreflight {
            Self.addVary(Self.preflightVary, &exchange.response.headers)
        }
        guard !exchange.allowedOrigin.isEmpty else { return }
        if self.allowsAnyOrigin {
            Self.anyOrigin.add(to: &exchange.response.headers)
        } else {
            Self.copyOrigin(
                exchange.allowedOrigin, exchange.request.headers, &exchange.response.headers)
        }
        for index in self.answerLines.indices {
            self.answerLines[index].add(to: &exchange.response.headers)
        }
        // Where an answer is its head alone, a script learns of the error by nothing else.
        if exchange.grpc == .web || exchange.grpc == .webText {
            Self.exposedStatus.add(to: &exchange.response.headers)
        }
        guard exchange.isPreflight else { return }
        for index in self.preflightLines.indices {
            self.preflightLines[index].add(to: &exchange.response.headers)
        }
        if self.allowsPrivateNetwork {
            Self.privateNetwork.add(to: &exchange.response.headers)
        }
    }

    private static func addVary(_ line: Line, _ headers: inout HeaderList) {
        headers.addLine(line.bytes.span, nameCount: line.nameCount, known: .vary)
    }

    private static func copyOrigin(
        _ origin: ByteRange, _ request: borrowing HeaderList, _ headers: inout HeaderList
    ) {
        let open = headers.beginField(name: self.allowOrigin.span)
        headers.appendBytes(request.span(origin))
        headers.endField(open)
    }
}
