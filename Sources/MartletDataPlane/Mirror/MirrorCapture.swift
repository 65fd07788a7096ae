import MartletConfig
import MartletHTTP
package import NIOCore

/// What one exchange's copy and comparison are made of, gathered while it goes on.
///
/// Belongs to its exchange; made only for those that are mirrored. Bounded by the mirror's
/// `max-body`, for the request and for the answer.
package final class MirrorCapture {
    let plan: MirrorPlan
    let state: MirrorState
    private(set) var requestBody = ByteBuffer()
    private(set) var answer = MirrorAnswer()
    /// All of the answer has come.
    var isWhole = false

    init(_ plan: MirrorPlan, state: MirrorState) {
        self.plan = plan
        self.state = state
    }

    /// - Returns: whether it is still within the limit.
    func requestReceived(_ bytes: ByteBuffer) -> Bool {
        Self.append(bytes, to: &self.requestBody, bytesMax: self.plan.config.bodyBytesMax)
    }

    func answered(_ response: ResponseHead) {
        self.answer = MirrorAnswer(response, fields: self.plan.config.headers)
    }

    /// - Returns: whether it is still within the limit.
    func answerReceived(_ bytes: ByteBuffer) -> Bool {
        Self.append(bytes, to: &self.answer.body, bytesMax: self.plan.config.bodyBytesMax)
    }

    private static func append(
        _ bytes: ByteBuffer, to body: inout ByteBuffer, bytesMax: Int
    ) -> Bool {
        guard body.readableBytes &+ bytes.readableBytes <= bytesMax else { return false }
        body.writeImmutableBuffer(bytes)
        return true
    }
}

/// What is compared of an answer.
package struct MirrorAnswer: Sendable {
    package var status: UInt16 = 0
    /// In the order of the mirror's `headers`; a field that is missing is `nil`.
    package var fields: [String?] = []
    package var isJSON = false
    /// The body is compressed, so that it is not looked into.
    package var isEncoded = false
    package var body = ByteBuffer()

    package init() {}

    /// - `fields`: names in lower case.
    init(_ response: ResponseHead, fields: [String]) {
        self.status = response.status
        self.fields = fields.map { Self.value(of: $0, in: response.headers) }
        let mediaType =
            Self.value(of: "content-type", in: response.headers)?
            .prefix { $0 != ";" }.lowercased() ?? ""
        self.isJSON = mediaType.hasSuffix("/json") || mediaType.hasSuffix("+json")
        let encoding = Self.value(of: "content-encoding", in: response.headers)
        self.isEncoded = encoding.map { $0.lowercased() != "identity" } ?? false
    }

    /// Every value of a field, joined.
    private static func value(of name: String, in headers: borrowing HeaderList) -> String? {
        var values: [String] = []
        let wanted = Array(name.utf8)
        for index in headers.fields.indices where headers.isField(index, named: wanted.span) {
            values.append(headers.text(headers.fields[index].value))
        }
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}
