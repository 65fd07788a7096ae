import MartletHTTP

/// Puts what templates say of the caller where they find what the path captured.
///
/// Immutable; a row of the plan, only of routes whose templates ask for it. Values go to the end of
/// the head's store; their names were given places behind those of the path when the plan was made.
struct IdentityValuesPolicy: Sendable {
    enum Field: Sendable {
        case consumerName
        case groups
        /// By the consumer's row.
        case metadata([[UInt8]])
        case credential
        case subject
        case scopes
        /// By the plan's claim places.
        case claim(Int)
    }

    let fields: [Field]

    func apply(to exchange: Exchange) {
        let head = exchange.request
        for index in self.fields.indices {
            exchange.captures.append(Self.append(self.fields[index], exchange, to: head))
        }
    }

    private static func append(
        _ field: Field, _ exchange: Exchange, to head: RequestHead
    ) -> ByteRange {
        let consumer = Int(exchange.identity.consumer)
        let value: [UInt8]
        switch field {
        case .consumerName: return self.appendConsumerName(consumer, exchange, to: head)
        case .groups:
            if let texts = exchange.identityTexts {
                value = texts.groups
            } else if consumer >= 0 {
                value = exchange.generation.authentication.plan.consumers[consumer].groupText
            } else {
                value = []
            }
        case .metadata(let values): value = consumer >= 0 ? values[consumer] : []
        case .credential: value = exchange.identityTexts?.credential ?? []
        case .subject: value = exchange.identityTexts?.subject ?? []
        case .scopes: value = exchange.identityTexts?.scopes ?? []
        case .claim(let row):
            let claims = exchange.identityTexts?.claims ?? []
            value = row < claims.count ? claims[row] : []
        }
        return head.headers.appendBytes(value)
    }

    /// Where it stands among all names, which costs less than the consumer's row.
    private static func appendConsumerName(
        _ consumer: Int, _ exchange: Exchange, to head: RequestHead
    ) -> ByteRange {
        guard consumer >= 0 else { return head.headers.appendBytes([]) }
        let names = exchange.generation.authentication.plan.consumerNames
        return head.headers.appendBytes(names.span(consumer))
    }
}
