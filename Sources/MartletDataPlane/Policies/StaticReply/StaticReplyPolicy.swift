package import MartletConfig
package import MartletHTTP

/// A reply without an upstream, rendered at load as far as it can be.
///
/// Immutable.
package struct StaticReplyPolicy: Sendable {
    package let status: Int
    /// Lines `name: value CR LF` whose values have no captures; no `content-length`, no `date`.
    package let headerLines: [UInt8]
    package let body: [UInt8]
    private let headers: [EditedHeader]

    /// `captureNames` are what the path pattern captures, in its order.
    package init(_ config: StaticReplyConfig, captureNames: [String]) throws(InvalidPolicy) {
        guard 200...599 ~= config.status else {
            throw InvalidPolicy("\(config.status) is not the status of a final response")
        }
        self.body = Array(config.body.utf8)
        guard self.body.isEmpty || !HTTPStatus.forbidsBody(config.status) else {
            throw InvalidPolicy("a \(config.status) response has no body")
        }
        self.status = config.status
        var lines: [UInt8] = []
        var headers: [EditedHeader] = []
        var hasContentType = false
        for header in config.headers {
            let header = try EditedHeader(header, captureNames: captureNames)
            if header.name.known == .contentType { hasContentType = true }
            if header.line.isEmpty { headers.append(header) } else { lines += header.line }
        }
        if !hasContentType, !self.body.isEmpty {
            lines += Array("content-type: text/plain; charset=utf-8\r\n".utf8)
        }
        self.headerLines = lines
        self.headers = headers
    }

    /// Appends every header line.
    package func writeHeaderLines(
        to output: inout [UInt8], captures: PathCaptures, head: RequestHead
    ) {
        output.append(contentsOf: self.headerLines)
        for index in self.headers.indices {
            self.headers[index].write(to: &output, captures: captures, head: head)
        }
    }
}
