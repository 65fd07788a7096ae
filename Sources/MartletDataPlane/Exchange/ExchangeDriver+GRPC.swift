import MartletHTTP
import MartletTelemetry
import NIOCore

/// gRPC: the client's deadline, and gRPC-Web put into what upstreams speak and back.
extension ExchangeDriver {
    // MARK: Requests

    /// Takes the deadline up, and makes a gRPC-Web head a gRPC head.
    static func beginGRPC(_ exchange: Exchange) -> LocalReply? {
        if let ticks = timeoutTicks(exchange.request.headers) {
            guard ticks > 0 else { return .problem(.requestMalformed) }
            exchange.limit(toTicks: ticks)
        }
        guard exchange.grpc != .grpc else { return nil }
        replaceContentType(&exchange.request.headers, with: .grpc)
        if !exchange.request.headers.contains(.te) {
            exchange.request.headers.add(.te, value: Array("trailers".utf8).span)
            exchange.request.headers.add(.connection, value: Array("te".utf8).span)
        }
        // Base64 is a third longer than what it stands for.
        if exchange.grpc == .webText, exchange.hasRequestBody {
            exchange.request.framing = .chunked
        }
        return nil
    }

    /// - Returns: 0 if it is malformed, `nil` if there is none.
    private static func timeoutTicks(_ headers: borrowing HeaderList) -> UInt64? {
        guard let value = WebSocketHandshake.value(of: "grpc-timeout", in: headers) else {
            return nil
        }
        guard let nanoseconds = GRPCTimeout.nanoseconds(headers.span(value)) else { return 0 }
        return nanoseconds / WorkerClock.tickNanoseconds + 1
    }

    /// Another type, with the suffix (`+proto`) and the parameters of the one that is there.
    private static func replaceContentType(_ headers: inout HeaderList, with kind: GRPCKind) {
        guard let old = headers.first(.contentType) else { return }
        let known = GRPCKind(contentType: headers.span(old))
        let suffixStart = Int(old.start) + known.mediaType.utf8CodeUnitCount
        headers.remove(.contentType)
        let open = headers.beginField(.contentType)
        headers.appendBytes(kind.mediaType)
        if known != .none, suffixStart < old.end {
            headers.appendBytes(copying: ByteRange(start: suffixStart, end: old.end))
        }
        headers.endField(open)
    }

    /// A piece of a body in text form, as the binary that it stands for.
    static func sendGRPCWebText(_ exchange: Exchange, _ text: ByteBuffer) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.readableBytes)
        guard exchange.grpcText.decode(text.readableBytesUInt8Span, into: &bytes) else {
            return requestFailed(exchange, .problem(.requestMalformed))
        }
        exchange.connection?.sendBody(exchange, ByteBuffer(bytes: bytes))
    }

    // MARK: Answers

    /// gRPC-Web's own type, and room for the trailers behind the body.
    static func grpcFraming(_ exchange: Exchange, _ framing: BodyFraming) -> BodyFraming {
        guard exchange.grpc != .grpc else { return framing }
        let isGRPC = isGRPCAnswer(exchange.response.headers)
        guard isGRPC else {
            // An answer that is none goes to the client as it is.
            exchange.grpc = .grpc
            return framing
        }
        replaceContentType(&exchange.response.headers, with: exchange.grpc)
        let isTrailersOnly = framing == .none || framing == .length(0)
        return isTrailersOnly ? framing : .chunked
    }

    private static func isGRPCAnswer(_ headers: borrowing HeaderList) -> Bool {
        guard let value = headers.first(.contentType) else { return false }
        return GRPCKind(contentType: headers.span(value)) == .grpc
    }

    static func grpcWebText(_ bytes: ByteBuffer) -> ByteBuffer {
        ByteBuffer(bytes: Base64Stream.encode(bytes.readableBytesUInt8Span))
    }

    /// The trailers become the last frame of the body: browsers show none.
    static func sendGRPCWebTrailers(_ exchange: Exchange) {
        guard !exchange.responseBody.chunks.trailers.isEmpty else { return }
        let frame = GRPCWebFrames.trailers(exchange.responseBody.chunks.trailers)
        exchange.responseBody.chunks.trailers.removeAll()
        responseBodyReceived(exchange, ByteBuffer(bytes: frame))
    }

    // MARK: The deadline

    /// The client's time is over: a reply if none has begun, else trailers that say so.
    static func deadlineExceeded(_ exchange: Exchange) {
        guard exchange.machine.response == .streaming, exchange.grpc != .none else {
            return localReply(exchange, .problem(exchange.endError))
        }
        exchange.record.errorCode = exchange.endError.rawValue
        exchange.connection?.close()
        exchange.connection = nil
        let status = Array(String(GRPCStatus.deadlineExceeded.rawValue).utf8)
        exchange.responseBody.chunks.trailers.removeAll()
        exchange.responseBody.chunks.trailers.add(
            name: Array("grpc-status".utf8).span, value: status.span)
        responseEnded(exchange, upstreamKeepsAlive: false)
    }
}
