/// Makes a `RequestHead` of what HPACK brought (RFC 9113 §8.3.1), the same that HTTP/1 would make.
///
/// What could be read differently once it is written as HTTP/1 is refused here: the path goes
/// through `RequestTarget`, the host is one, framing is the stream's own.
package enum HTTP2RequestHead {
    package enum Outcome: Sendable, BitwiseCopyable, Equatable {
        case complete
        /// Malformed (RFC 9113 §8.1.1) unless `requestStatus` is another than 400.
        case failed(MessageError)
        /// Answered 400.
        case failedTarget(RequestTargetError)
    }

    /// Completes a head whose header fields have been decoded into it.
    ///
    /// - `endStream`: no DATA follows.
    /// - `allowsConnectProtocol`: our SETTINGS allow extended CONNECT (RFC 8441).
    package static func complete(
        _ head: RequestHead, pseudo: HTTP2PseudoFields, endStream: Bool, limits: HeadLimits,
        allowsConnectProtocol: Bool = false
    ) -> Outcome {
        head.minorVersion = 1
        head.isHTTP2 = true
        guard let method = pseudo[.method] else { return .failed(.pseudoFieldMissing) }
        guard self.isToken(method, head.headers) else { return .failed(.pseudoFieldMalformed) }
        head.methodBytes = method
        head.method = self.method(method, head.headers)
        guard pseudo[.status] == nil, pseudo[.protocol] == nil || allowsConnectProtocol else {
            return .failed(.pseudoFieldUnknown)
        }
        let error = self.setTarget(head, pseudo: pseudo, limits: limits)
        guard error == .complete else { return error }
        guard RequestHeadParser.isExpectationKnown(head.headers) else {
            return .failed(.expectationUnknown)
        }
        self.joinCookies(&head.headers)
        switch self.framing(head, endStream: endStream) {
        case .failure(let error): return .failed(error)
        case .success(let framing): head.framing = framing
        }
        return .complete
    }

    // MARK: Target

    private static func setTarget(
        _ head: RequestHead, pseudo: HTTP2PseudoFields, limits: HeadLimits
    ) -> Outcome {
        let isTunnel = head.method == .connect && pseudo[.protocol] == nil
        guard isTunnel || pseudo[.protocol] == nil || head.method == .connect else {
            return .failed(.pseudoFieldUnknown)
        }
        if isTunnel {
            // RFC 9113 §8.5.
            guard pseudo[.scheme] == nil, pseudo[.path] == nil else {
                return .failed(.pseudoFieldUnknown)
            }
            guard let authority = pseudo[.authority] else { return .failed(.pseudoFieldMissing) }
            return self.outcome(RequestTarget.resolveConnect(authority: authority, head: head))
        }
        guard let scheme = pseudo[.scheme], let path = pseudo[.path] else {
            return .failed(.pseudoFieldMissing)
        }
        let isSecure = head.headers.isValue(scheme, "https")
        guard isSecure || head.headers.isValue(scheme, "http") else {
            return .failedTarget(.unsupportedScheme)
        }
        guard self.begins(path, head) else { return .failed(.pseudoFieldMalformed) }
        // As `method SP target SP HTTP/1.1`.
        guard Int(head.methodBytes.count) + Int(path.count) + 10 <= limits.startLineBytesMax else {
            return .failed(.requestLineTooLong)
        }
        if let name = pseudo[.protocol] {
            guard pseudo[.authority] != nil else { return .failed(.pseudoFieldMissing) }
            guard self.isToken(name, head.headers) else { return .failed(.pseudoFieldMalformed) }
            head.connectProtocol = name
        }
        return self.outcome(
            RequestTarget.resolve(
                path: path, authority: pseudo[.authority], isSecure: isSecure, head: head))
    }

    /// RFC 9113 §8.3.1: a path begins with `/`, but for `*` of OPTIONS.
    private static func begins(_ path: ByteRange, _ head: RequestHead) -> Bool {
        guard !path.isEmpty else { return false }
        let first = head.headers.bytes[Int(path.start)]
        return first == UInt8(ascii: "/")
            || first == UInt8(ascii: "*") && path.count == 1 && head.method == .options
    }

    private static func outcome(_ error: RequestTargetError?) -> Outcome {
        error.map(Outcome.failedTarget) ?? .complete
    }

    private static func method(_ range: ByteRange, _ headers: borrowing HeaderList) -> Method {
        Method(headers.span(range))
    }

    private static func isToken(_ range: ByteRange, _ headers: borrowing HeaderList) -> Bool {
        let bytes = headers.span(range)
        for index in bytes.indices where !ByteClass.isToken(bytes[index]) { return false }
        return !bytes.isEmpty
    }

    // MARK: Body

    /// The stream's end delimits the body; Content-Length has to agree (RFC 9113 §8.1.1).
    private static func framing(
        _ head: RequestHead, endStream: Bool
    ) -> Result<BodyFraming, MessageError> {
        let declared: BodyFraming
        switch BodyFraming.declared(in: head.headers, minorVersion: 1) {
        case .failure(let error): return .failure(error)
        case .success(let found): declared = found
        }
        guard endStream else { return .success(declared == .none ? .chunked : declared) }
        switch declared {
        case .length(let count) where count > 0: return .failure(.contentLengthMismatch)
        case .length: return .success(.length(0))
        default: return .success(head.method.expectsBody ? .length(0) : .none)
        }
    }

    /// Joins the crumbs of `cookie` (RFC 9113 §8.2.3): over HTTP/1 the field stands once.
    private static func joinCookies(_ headers: inout HeaderList) {
        guard headers.presence & HeaderName.cookie.bit != 0 else { return }
        var first: Int?
        var count = 0
        for index in headers.fields.indices where headers.fields[index].known == .cookie {
            first = first ?? index
            count += 1
        }
        guard count > 1, let first else { return }
        let open = headers.beginField(.cookie)
        var isBegun = false
        for index in first..<headers.fields.count where headers.fields[index].known == .cookie {
            if index > first { headers.markRemoved(at: index) }
            // An empty crumb at the end would leave a space there, which no field may end with.
            guard !headers.fields[index].value.isEmpty else { continue }
            if isBegun { headers.appendBytes("; ") }
            isBegun = true
            headers.appendBytes(copying: headers.fields[index].value)
        }
        headers.endField(open, replacing: first)
    }
}

extension Method {
    /// Whether a request without a body says so (RFC 9110 §8.6).
    fileprivate var expectsBody: Bool {
        switch self {
        case .post, .put, .patch: true
        default: false
        }
    }
}
