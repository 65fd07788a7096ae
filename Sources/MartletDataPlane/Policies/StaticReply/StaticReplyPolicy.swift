package import MartletConfig
package import MartletHTTP

/// A reply without an upstream, its header lines rendered at load as far as they can be.
///
/// Immutable.
package struct StaticReplyPolicy: Sendable {
    package let status: Int
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
        var headers: [EditedHeader] = []
        for header in config.headers {
            headers.append(try EditedHeader(header, captureNames: captureNames))
        }
        if !self.body.isEmpty, !headers.contains(where: { $0.name.known == .contentType }) {
            let plain = HeaderValueConfig(name: "content-type", value: "text/plain; charset=utf-8")
            headers.append(try EditedHeader(plain, captureNames: captureNames))
        }
        self.headers = headers
    }

    /// Adds every header of the reply.
    package func addHeaders(
        to headers: inout HeaderList, captures: PathCaptures, head: RequestHead
    ) {
        for index in self.headers.indices {
            self.headers[index].add(to: &headers, captures: captures, head: head)
        }
    }
}
