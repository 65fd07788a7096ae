/// Makes a `ResponseHead` of what HPACK brought (RFC 9113 §8.3.2), the same that HTTP/1 would make.
package enum HTTP2ResponseHead {
    /// Completes a head whose header fields have been decoded into it.
    ///
    /// - `method`: what is answered.
    /// - `endStream`: no DATA follows.
    /// - Returns: why the response is malformed (RFC 9113 §8.1.1), or `nil`.
    package static func complete(
        _ head: ResponseHead, pseudo: HTTP2PseudoFields, answering method: Method, endStream: Bool
    ) -> MessageError? {
        head.minorVersion = 1
        head.isHTTP2 = true
        guard let range = pseudo[.status] else { return .pseudoFieldMissing }
        for name in HTTP2PseudoFields.Name.allCases where name != .status {
            guard pseudo[name] == nil else { return .pseudoFieldUnknown }
        }
        // RFC 9113 §8.6: there is no 101 in HTTP/2.
        guard let status = self.status(range, head.headers), status != 101 else {
            return .pseudoFieldMalformed
        }
        head.status = status
        if head.isInterim, endStream { return .finalResponseMissing }
        switch BodyFraming.declared(in: head.headers, minorVersion: 1) {
        case .failure(let error): return error
        case .success(let declared):
            guard endStream else {
                head.framing = declared == .none ? .chunked : declared
                return nil
            }
            let isBodiless = method == .head || HTTPStatus.forbidsBody(Int(status))
            if case .length(let count) = declared, count > 0, !isBodiless {
                return .contentLengthMismatch
            }
            head.framing = declared == .none ? .length(0) : declared
            return nil
        }
    }

    /// Three digits, 100 to 599.
    private static func status(
        _ range: ByteRange, _ headers: borrowing HeaderList
    ) -> UInt16? {
        let bytes = headers.span(range)
        guard bytes.count == 3 else { return nil }
        var status: UInt16 = 0
        for index in 0..<3 {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            status = status * 10 + UInt16(digit)
        }
        return 100...599 ~= status ? status : nil
    }
}
