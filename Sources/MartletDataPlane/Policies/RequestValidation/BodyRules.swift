import MartletConfig
import MartletHTTP
import MartletJSON
import NIOCore

/// What the body of a request has to look like, compiled.
///
/// Immutable. Work is bounded: by the size of the body, by the bounds for its structure, and for a
/// schema by the validator's steps.
struct BodyRules: Sendable {
    let isRequired: Bool
    let bytesMax: Int
    private let schema: JSONSchema?
    private let status: UInt16
    private let json: JSONLimits
    private let xml: XMLBounds?

    init(_ config: BodyRulesConfig, bytesMax: Int, schema: JSONSchema?) {
        self.isRequired = config.isRequired
        self.bytesMax = bytesMax
        self.schema = schema
        self.status = UInt16(config.status)
        var limits = JSONLimits()
        limits.bytesMax = bytesMax
        limits.stringBytesMax = bytesMax
        limits.depthMax = config.json.maxDepth
        limits.nodeCountMax = config.json.maxNodes
        limits.elementCountMax = config.json.maxNodes
        limits.memberCountMax = config.json.maxMembers
        self.json = limits
        self.xml = config.xml.map {
            XMLBounds(
                depthMax: $0.maxDepth, nodeCountMax: $0.maxNodes, memberCountMax: $0.maxMembers)
        }
    }

    /// The status of the answer if something is wrong; what it is has been written down.
    func check(
        _ body: ByteBuffer, _ headers: borrowing HeaderList, _ state: RequestValidationState
    ) -> UInt16? {
        let type = headers.first(.contentType) ?? .empty
        if MediaTypePattern.isJSON(headers.span(type)) { return self.checkJSON(body, state) }
        if let xml, MediaTypePattern.isXML(headers.span(type)) {
            guard let problem = xml.problem(body.readableBytesUInt8Span) else { return nil }
            state.add(problem.sentence)
            return 400
        }
        return nil
    }

    private func checkJSON(_ body: ByteBuffer, _ state: RequestValidationState) -> UInt16? {
        var parser = JSONParser(limits: self.json)
        do throws(JSONError) {
            try parser.read(body.readableBytesUInt8Span, isLast: true, into: &state.document)
        } catch {
            state.add("\(error.sentence)")
            return 400
        }
        guard let schema else { return nil }
        switch state.validator.validate(state.document, against: schema) {
        case .valid: return nil
        case .invalid:
            for violation in state.validator.violations {
                let pointer = state.document.pointer(to: violation.node)
                state.add(violation.sentence(of: schema), at: "#" + pointer, source: "pointer")
            }
        case .tooDeep, .tooMuchWork: state.add("the body is too complex to be checked")
        }
        return self.status
    }
}
