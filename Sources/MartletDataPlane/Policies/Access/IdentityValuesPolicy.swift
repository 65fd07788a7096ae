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
            if case .consumerName = self.fields[index] {
                exchange.captures.append(Self.appendConsumerName(exchange, to: head))
                continue
            }
            let value = Self.value(self.fields[index], exchange)
            exchange.captures.append(head.headers.appendBytes(value))
        }
    }

    /// Where it stands among all names, which costs less than the consumer's row.
    private static func appendConsumerName(_ exchange: Exchange, to head: RequestHead) -> ByteRange
    {
        let consumer = Int(exchange.identity.consumer)
        guard consumer >= 0 else { return head.headers.appendBytes([]) }
        let names = exchange.generation.authentication.plan.consumerNames
        return head.headers.appendBytes(names.span(consumer))
    }

    private static func value(_ field: Field, _ exchange: Exchange) -> [UInt8] {
        let identity = exchange.identity
        let consumer = Int(identity.consumer)
        switch field {
        case .consumerName: return exchange.consumerName
        case .groups:
            if let texts = exchange.identityTexts { return texts.groups }
            guard consumer >= 0 else { return [] }
            return exchange.generation.authentication.plan.consumers[consumer].groupText
        case .metadata(let values): return consumer >= 0 ? values[consumer] : []
        case .credential: return exchange.identityTexts?.credential ?? []
        case .subject: return exchange.identityTexts?.subject ?? []
        case .scopes: return exchange.identityTexts?.scopes ?? []
        case .claim(let row):
            let claims = exchange.identityTexts?.claims ?? []
            return row < claims.count ? claims[row] : []
        }
    }
}
