import MartletHTTP

/// What a client may not say in the head of a request, it may not say behind its body either:
/// upstreams that merge trailers into the head (RFC 9110 §6.5.1) would believe it.
enum RequestTrailers {
    static func clean(_ exchange: Exchange) {
        self.dropUnseen(exchange)
        let generation = exchange.generation
        ForwardedHeaders.removeAll(&exchange.requestBody.chunks.trailers)
        generation.authentication.plan.removeIdentityHeaders(
            from: &exchange.requestBody.chunks.trailers)
        let policies = generation.plan.externalAuthorizations
        for index in policies.indices {
            policies[index].removeResponseHeaders(from: &exchange.requestBody.chunks.trailers)
        }
    }

    /// Where a route refuses what it finds in requests, nothing passes that was not looked at.
    static func dropUnseen(_ exchange: Exchange) {
        guard exchange.route?.dropsTrailers == true else { return }
        exchange.requestBody.chunks.trailers.removeAll()
    }
}
