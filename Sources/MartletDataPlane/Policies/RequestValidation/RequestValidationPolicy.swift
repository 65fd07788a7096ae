package import MartletConfig
import MartletHTTP
package import MartletJSON
import MartletTelemetry
import NIOCore

/// What requests of one route have to look like to reach the upstream (row C9).
///
/// Immutable; what it works with is the worker's `RequestValidationState`. What can be seen of the
/// head is checked before the body is waited for.
package struct RequestValidationPolicy: Sendable {
    private let action: FindingAction
    /// Upper case; empty is every one.
    private let methods: [[UInt8]]
    private let contentTypes: [MediaTypePattern]
    /// A body has to say what it is.
    private let needsType: Bool
    /// The messages of gRPC may pass, which no rule for bodies looks at.
    private let takesGRPC: Bool
    let headers: [FieldRule]
    let query: [FieldRule]
    private let refusesUnknownParameters: Bool
    let body: BodyRules?
    /// The values of `Allow` and `Accept` in answers.
    let allow: [UInt8]
    let accept: [UInt8]

    package init(
        _ config: RequestValidationConfig, bodyBytesMax: Int, schema: JSONSchema?
    ) throws(InvalidPolicy) {
        self.action = FindingAction(config.action)
        let methods = Self.withHead(config.methods)
        self.methods = methods.map { Array($0.utf8) }
        let types = config.contentTypes
        let hasSchema = config.body?.schema != nil
        self.contentTypes = types.map(MediaTypePattern.init)
        self.needsType = !types.isEmpty || hasSchema
        self.takesGRPC =
            config.body == nil
            || !hasSchema && types.contains { $0.hasPrefix("application/grpc") }
        var headers: [FieldRule] = []
        for rule in config.headers { headers.append(try FieldRule(rule)) }
        self.headers = headers
        var query: [FieldRule] = []
        for rule in config.query?.parameters ?? [] { query.append(try FieldRule(rule)) }
        self.query = query
        self.refusesUnknownParameters = config.query.map { !$0.allowsUnknown } ?? false
        self.body = config.body.map {
            BodyRules(
                $0, bytesMax: min(bodyBytesMax, $0.maxBytes ?? .max), schema: schema,
                hasTypes: !types.isEmpty)
        }
        self.allow = Array(methods.joined(separator: ", ").utf8)
        let accepted = types.isEmpty && hasSchema ? ["application/json"] : types
        self.accept = Array(accepted.joined(separator: ", ").utf8)
    }

    /// - `row`: of the plan, for the writer of the answer.
    package func apply(to exchange: Exchange, row: UInt32) -> Verdict {
        let state = exchange.generation.validation
        state.begin()
        if let status = self.checkHead(exchange, state) {
            return self.found(status, row, exchange, state)
        }
        guard let body = self.body, exchange.hasRequestBody else { return .next }
        if case .length(let count) = exchange.request.framing, count > body.bytesMax {
            return self.tooLarge(exchange, state)
        }
        let isNeeded = self.action == .blocked
        if let verdict = ExchangeDriver.holdBody(exchange, isNeeded: isNeeded) { return verdict }
        guard exchange.heldBody.isWhole else {
            if exchange.heldBody.isGivenUp { exchange.noteUnseenBody() }
            return .next
        }
        guard exchange.heldBody.byteCount <= body.bytesMax else {
            return self.tooLarge(exchange, state)
        }
        let bytes = exchange.heldBody.bytes
        guard let status = body.check(bytes, exchange.request.headers, state) else { return .next }
        return self.found(status, row, exchange, state)
    }

    private func tooLarge(_ exchange: Exchange, _ state: RequestValidationState) -> Verdict {
        self.note(exchange, state)
        guard self.action == .blocked else { return .next }
        return .reply(.message(.bodyTooLarge))
    }

    private func found(
        _ status: UInt16, _ row: UInt32, _ exchange: Exchange, _ state: RequestValidationState
    ) -> Verdict {
        self.note(exchange, state)
        guard self.action == .blocked else { return .next }
        return .reply(.invalid(status: status, row: row))
    }

    private func note(_ exchange: Exchange, _ state: RequestValidationState) {
        state.end()
        exchange.generation.shard.found(kind: Finding.validationKind, self.action)
        exchange.note(Finding.validation, score: 0, self.action)
    }

    // MARK: Head

    /// The status of the answer if something is wrong; what it is has been written down.
    private func checkHead(_ exchange: Exchange, _ state: RequestValidationState) -> UInt16? {
        let head = exchange.request
        if !self.methods.isEmpty, !self.allowsMethod(head) {
            state.add("the method must be one of those of Allow")
            return 405
        }
        let isGRPC = exchange.grpc != .none
        if exchange.hasRequestBody, let detail = self.contentProblem(head.headers, isGRPC) {
            state.add(detail, at: "content-type", source: "header")
            return 415
        }
        if let body = self.body, body.isRequired, !exchange.hasRequestBody {
            state.add("a body must be there")
            return 400
        }
        self.checkHeaders(head.headers, state)
        self.checkQuery(head.headers, head.hasQuery ? head.query : nil, state)
        return state.errorCount > 0 ? 400 : nil
    }

    /// Where GET is, HEAD is too (RFC 9110 §9.3.2).
    private static func withHead(_ methods: [String]) -> [String] {
        guard methods.contains("GET"), !methods.contains("HEAD") else { return methods }
        return methods + ["HEAD"]
    }

    private func allowsMethod(_ head: RequestHead) -> Bool {
        guard MethodOverride.names(only: self.methods, in: head.headers) else { return false }
        for method in self.methods
        where head.headers.span(head.methodBytes).isEqual(to: method.span) {
            return true
        }
        return false
    }

    private func contentProblem(_ headers: borrowing HeaderList, _ isGRPC: Bool) -> String? {
        if self.body != nil, RequestBodyEncoding.isEncoded(headers) {
            return "a body with Content-Encoding is not taken"
        }
        if isGRPC, !self.takesGRPC { return "messages of gRPC are not taken" }
        var count = 0
        for index in headers.fields.indices where headers.fields[index].known == .contentType {
            let field = headers.fields[index]
            guard !field.isRemoved else { continue }
            count += 1
            if let problem = self.typeProblem(headers.span(field.value)) { return problem }
        }
        if count == 0, self.needsType { return "must be there" }
        return count > 1 ? "must be there only once" : nil
    }

    private func typeProblem(_ type: Span<UInt8>) -> String? {
        guard self.body != nil || !self.contentTypes.isEmpty else { return nil }
        guard !MediaTypePattern.isSeveral(type) else { return "must be one type, without a comma" }
        guard self.contentTypes.isEmpty || MediaTypePattern.matches(self.contentTypes, type) else {
            return "the type of the body must be one of those of Accept"
        }
        return self.body?.typeProblem(type)
    }

    private func checkHeaders(
        _ headers: borrowing HeaderList, _ state: RequestValidationState
    ) {
        for rule in self.headers {
            var count = 0
            var hasName = false
            // Some upstreams read `x_tenant` as `x-tenant`: both have to be as the rule says.
            for index in headers.fields.indices
            where !headers.fields[index].isRemoved && headers.isField(index, spelled: rule.name) {
                count += 1
                if headers.isField(index, named: rule.name.span) { hasName = true }
                let value = headers.span(headers.fields[index].value)
                if let problem = rule.problem(with: value, using: &state.matcher) {
                    state.add(rule.sentence(problem), at: rule.config.name, source: "header")
                }
            }
            if let problem = rule.countProblem(count) ?? (hasName ? nil : rule.countProblem(0)) {
                state.add(rule.sentence(problem), at: rule.config.name, source: "header")
            }
        }
    }

    private func checkQuery(
        _ headers: borrowing HeaderList, _ range: ByteRange?, _ state: RequestValidationState
    ) {
        guard !self.query.isEmpty || self.refusesUnknownParameters else { return }
        state.seen.removeAll(keepingCapacity: true)
        for _ in self.query { state.seen.append(false) }
        if let range, !range.isEmpty {
            var parameters = QueryParameters(range)
            while let parameter = parameters.next(in: headers.bytes.span) {
                guard state.errorCount < RequestValidationState.errorCountMax else { return }
                self.check(parameter, headers.bytes.span, state)
            }
        }
        for (index, rule) in self.query.enumerated() where !state.seen[index] {
            guard let problem = rule.countProblem(0) else { continue }
            state.add(rule.sentence(problem), at: rule.config.name, source: "parameter")
        }
    }

    private func check(
        _ parameter: QueryParameter, _ bytes: Span<UInt8>, _ state: RequestValidationState
    ) {
        for index in self.query.indices where parameter.hasName(self.query[index].name, in: bytes) {
            let rule = self.query[index]
            let name = rule.config.name
            if state.seen[index], let problem = rule.countProblem(2) {
                state.add(rule.sentence(problem), at: name, source: "parameter")
            }
            state.seen[index] = true
            state.decode(bytes.extracting(parameter.value.indices))
            let value = state.decoded
            let problem = rule.problem(with: value.span, using: &state.matcher)
            if let problem { state.add(rule.sentence(problem), at: name, source: "parameter") }
            return
        }
        guard self.refusesUnknownParameters, !parameter.whole.isEmpty else { return }
        state.decode(bytes.extracting(parameter.name.indices))
        let name = String(decoding: state.decoded, as: UTF8.self)
        state.add("is not known", at: name, source: "parameter")
    }
}

extension FieldRule {
    /// What is wrong with how often the field is there.
    func countProblem(_ count: Int) -> Problem? {
        if count == 0 { return self.config.isRequired ? .missing : nil }
        return count > 1 && !self.config.isRepeatable ? .repeated : nil
    }
}
