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
    /// Bounds were written and no types: what begins as JSON or XML does is read as such, so that
    /// nobody gets around the bounds by calling it something else.
    private let findsJSON: Bool
    private let findsXML: Bool

    /// - `hasTypes`: the route says which types of bodies it takes.
    init(_ config: BodyRulesConfig, bytesMax: Int, schema: JSONSchema?, hasTypes: Bool) {
        self.isRequired = config.isRequired
        self.bytesMax = bytesMax
        self.schema = schema
        self.status = UInt16(config.status)
        var limits = JSONLimits()
        limits.bytesMax = bytesMax
        limits.stringBytesMax = bytesMax
        let bounds = config.json ?? BodyBoundsConfig()
        limits.depthMax = bounds.maxDepth
        limits.nodeCountMax = bounds.maxNodes
        limits.elementCountMax = bounds.maxNodes
        limits.memberCountMax = bounds.maxMembers
        self.json = limits
        self.xml = config.xml.map {
            XMLBounds(
                depthMax: $0.maxDepth, nodeCountMax: $0.maxNodes, memberCountMax: $0.maxMembers)
        }
        self.findsJSON = config.json != nil && !hasTypes && config.schema == nil
        self.findsXML = config.xml != nil && !hasTypes && config.schema == nil
    }

    /// What is wrong with a value of `Content-Type`; `nil` if nothing is.
    func typeProblem(_ type: Span<UInt8>) -> String? {
        let isJSON = MediaTypePattern.isJSON(type)
        if self.schema != nil, !isJSON { return "the type of the body must be one of JSON" }
        guard isJSON || (self.xml != nil && MediaTypePattern.isXML(type)) else { return nil }
        return MediaTypeCharset.isUTF8(type) ? nil : "the charset of the body must be UTF-8"
    }

    /// The status of the answer if something is wrong; what it is has been written down.
    func check(
        _ body: ByteBuffer, _ headers: borrowing HeaderList, _ state: RequestValidationState
    ) -> UInt16? {
        let type = headers.first(.contentType) ?? .empty
        switch self.kind(of: body.readableBytesUInt8Span, headers.span(type)) {
        case .json: return self.checkJSON(body, state)
        case .xml:
            guard let problem = self.xml?.problem(body.readableBytesUInt8Span) else { return nil }
            state.add(problem.sentence)
            return 400
        case .other: return nil
        }
    }

    private enum Kind { case json, xml, other }

    private func kind(of body: Span<UInt8>, _ type: Span<UInt8>) -> Kind {
        if MediaTypePattern.isJSON(type) { return .json }
        if self.xml != nil, MediaTypePattern.isXML(type) { return .xml }
        guard self.findsJSON || self.findsXML else { return .other }
        switch Self.firstByte(body) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return self.findsJSON ? .json : .other
        case UInt8(ascii: "<"): return self.findsXML ? .xml : .other
        default: return .other
        }
    }

    /// The first byte that is no blank, behind the mark that some texts begin with.
    ///
    /// In UTF-16 there is a zero beside it; two zeros are no text.
    private static func firstByte(_ body: Span<UInt8>) -> UInt8? {
        var index = 0
        if body.count >= 3, body[0] == 0xef, body[1] == 0xbb, body[2] == 0xbf {
            index = 3
        } else if body.count >= 2, body[0] ^ body[1] == 1, body[0] >= 0xfe {
            index = 2
        }
        var hadZero = false
        while index < body.count {
            let byte = body[index]
            guard byte == 0 || byte == 0x20 || 0x09...0x0d ~= byte else { return byte }
            guard byte != 0 || !hadZero else { return nil }
            hadZero = byte == 0
            index += 1
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
