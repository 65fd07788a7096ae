import MartletHTTP
import MartletTelemetry

/// A browser's question before it sends a request: `OPTIONS` with `Origin` and
/// `Access-Control-Request-Method` (Fetch §3.2.2).
///
/// It is about the route of the request that would follow, so it is routed as if it had that
/// request's method.
enum CORSPreflight {
    /// The method asked for, if the head is a preflight's.
    static func requestedMethod(_ headers: borrowing HeaderList) -> ByteRange? {
        guard headers.presence & HeaderName.origin.bit != 0, headers.contains(.origin) else {
            return nil
        }
        guard
            let method = WebSocketHandshake.value(of: "access-control-request-method", in: headers),
            !method.isEmpty
        else { return nil }
        for byte in method.indices
        where ByteClass.table[Int(headers.bytes[byte])] & ByteClass.token == 0 {
            return nil
        }
        return method
    }

    private static func method(_ headers: borrowing HeaderList, _ range: ByteRange) -> Method {
        Method(headers.span(range))
    }

    /// Routes a preflight for a route with CORS.
    ///
    /// - Returns: whether it was one; if not, `OPTIONS` is a method like another.
    static func match(_ exchange: Exchange, _ plan: Plan) -> Bool {
        let head = exchange.request
        guard plan.hasCORS, let requested = self.requestedMethod(head.headers) else { return false }
        let (method, methodBytes) = (head.method, head.methodBytes)
        head.method = self.method(head.headers, requested)
        head.methodBytes = requested
        let match = plan.routing.match(
            head, listener: exchange.record.listener, client: exchange.origin.address,
            captures: &exchange.captures)
        head.method = method
        head.methodBytes = methodBytes
        guard case .route = match.outcome, plan.routes[Int(match.route)].hasCORS else {
            exchange.captures.truncate(to: 0)
            return false
        }
        exchange.match = match
        exchange.isPreflight = true
        return true
    }
}
