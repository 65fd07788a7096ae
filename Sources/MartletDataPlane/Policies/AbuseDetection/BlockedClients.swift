import MartletHTTP
package import MartletTelemetry

/// Who has been kept out on one worker, for the process log.
///
/// Owned by its worker and confined to its loop, taken once a second. Bounded: of more than
/// `countMax` only the number is told.
package struct BlockedClients: Sendable {
    private static let countMax = 20

    package private(set) var clients: [BlockedClient] = []
    package private(set) var leftOutCount = 0

    mutating func add(_ client: @autoclosure () -> BlockedClient) {
        guard self.clients.count < Self.countMax else {
            self.leftOutCount += 1
            return
        }
        self.clients.append(client())
    }
}

/// Who has been kept out, and what brought it over.
package struct BlockedClient: Sendable {
    package let key: AbuseKey
    package let address: String
    /// Empty for somebody who is none.
    package let consumer: String
    package let subject: String
    package let sign: AbuseSign
    /// `reported`: it would have been kept out.
    package let action: FindingAction
    package let seconds: UInt64

    init(
        _ exchange: Exchange, _ key: AbuseKey, sign: AbuseSign, action: FindingAction,
        seconds: UInt64
    ) {
        self.key = key
        self.address = exchange.origin.address.text.span.text
        self.consumer = String(decoding: exchange.consumerName, as: UTF8.self)
        self.subject = String(
            decoding: exchange.identityTexts?.subject ?? [], as: UTF8.self)
        self.sign = sign
        self.action = action
        self.seconds = seconds
    }
}
