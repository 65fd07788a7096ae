/// An open connection to an endpoint, as the pool keeps it.
package enum UpstreamConnection {
    case http1(HTTP1UpstreamHandler)
    case http2(HTTP2UpstreamHandler)

    var id: ConnectionID {
        switch self {
        case .http1(let handler): handler.id
        case .http2(let handler): handler.id
        }
    }

    /// The connection, or a stream of it, is the exchange's from here on.
    func attach(_ exchange: Exchange) -> UpstreamSide {
        switch self {
        case .http1(let handler):
            handler.attach(exchange)
            return .http1(handler)
        case .http2(let handler): return .http2(handler.attach(exchange))
        }
    }

    /// Nobody needs it now.
    func park() {
        switch self {
        case .http1(let handler): handler.park()
        case .http2(let handler): handler.park()
        }
    }

    func close() {
        switch self {
        case .http1(let handler): handler.close()
        case .http2(let handler): handler.close()
        }
    }

    /// `host:port` of the endpoint as configured when it was dialled.
    var endpointText: String {
        switch self {
        case .http1(let handler): handler.plan.text
        case .http2(let handler): handler.plan.text
        }
    }

    /// A reload gave the endpoint another row.
    func endpointMoved(to index: Int) {
        switch self {
        case .http1(let handler): handler.endpoint = index
        case .http2(let handler): handler.endpoint = index
        }
    }
}
