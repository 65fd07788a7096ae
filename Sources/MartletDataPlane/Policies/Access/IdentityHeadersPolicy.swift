import MartletConfig
import MartletHTTP

/// Tells the upstream who calls (row C11).
///
/// What a client has sent under these names has been removed at inspection, in every spelling and
/// on every route, and `Connection` was read before they are added, so it cannot name them.
/// Immutable; a row of the plan. A field without a value is not sent.
struct IdentityHeadersPolicy: Sendable {
    private let names: [[UInt8]]
    private let values: [ValueTemplate]

    init(_ headers: [HeaderValueConfig], captureNames: [String]) throws(InvalidPolicy) {
        var values: [ValueTemplate] = []
        for header in headers {
            _ = try EditedHeaderName(header.name)
            values.append(try ValueTemplate.compile(header.value, captureNames: captureNames))
        }
        self.names = headers.map { Array($0.name.utf8) }
        self.values = values
    }

    func apply(to exchange: Exchange) {
        let head = exchange.request
        for index in self.names.indices {
            let start = head.headers.bytes.count
            let name = self.names[index]
            let open = head.headers.beginField(name: name.span)
            self.values[index].write(
                to: &head.headers, captures: exchange.captures, head: nil)
            if head.headers.bytes.count == open.valueStart {
                head.headers.truncateBytes(to: start)
            } else {
                head.headers.endField(open)
            }
        }
    }
}
