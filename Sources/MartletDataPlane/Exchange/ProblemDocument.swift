import MartletHTTP

/// A problem document (RFC 9457) about one request.
enum ProblemDocument {
    /// - `requestID`: of characters that need no escaping, see `RequestIdentifier`.
    /// - `extensions`: members as JSON, each with a comma before it.
    static func make(
        status: UInt16, error: ProxyError, detail: StaticString, requestID: ByteRange,
        of headers: borrowing HeaderList, extensions: [UInt8] = []
    ) -> [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(320)
        append("{\"type\":\"", to: &json)
        append(error.problemType, to: &json)
        append("\",\"title\":\"", to: &json)
        append(HTTPStatus.reason(Int(status)), to: &json)
        append("\",\"status\":", to: &json)
        json.append(contentsOf: String(status).utf8)
        append(",\"detail\":\"", to: &json)
        append(detail, to: &json)
        append("\",\"code\":\"", to: &json)
        append(error.name, to: &json)
        append("\"", to: &json)
        json.append(contentsOf: extensions)
        append(",\"instance\":\"urn:request:", to: &json)
        let id = headers.span(requestID)
        for index in id.indices { json.append(id[index]) }
        append("\"}\n", to: &json)
        return json
    }

    private static func append(_ text: StaticString, to json: inout [UInt8]) {
        json.append(contentsOf: text.description.utf8)
    }
}
