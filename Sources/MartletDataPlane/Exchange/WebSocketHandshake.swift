import Crypto
package import MartletHTTP

/// The opening handshake of a WebSocket (RFC 6455 §4, RFC 8441): what makes a request one, and
/// what makes an answer its acceptance.
///
/// Pure. Nothing is passed on as a WebSocket that is not one, since what follows is not looked at.
package enum WebSocketHandshake {
    package enum Request: Equatable {
        /// The request asks for something else, or for nothing.
        case none
        case valid
        /// It asks for a WebSocket, but not as it should.
        case malformed
    }

    /// Looks at a request before its hop-by-hop fields are removed (RFC 6455 §4.2.1).
    package static func examine(_ head: RequestHead) -> Request {
        guard head.headers.presence & HeaderName.upgrade.bit != 0,
            let upgrade = head.headers.first(.upgrade),
            head.headers.isValue(upgrade, "websocket")
        else { return .none }
        let hasBody = head.framing != .none && head.framing != .length(0)
        guard head.method == .get, head.minorVersion == 1, !hasBody,
            ConnectionTokens.scan(head.headers).upgrade,
            self.count(of: "sec-websocket-key", in: head.headers) == 1,
            self.count(of: "sec-websocket-version", in: head.headers) == 1,
            let key = self.value(of: "sec-websocket-key", in: head.headers),
            self.isKey(head.headers.span(key)),
            let version = self.value(of: "sec-websocket-version", in: head.headers),
            head.headers.isValue(version, "13")
        else { return .malformed }
        return .valid
    }

    /// Whether a 101 accepts the WebSocket that was asked for (RFC 6455 §4.1).
    ///
    /// - `request`: what was asked, with its `Sec-WebSocket-Key`.
    package static func isAccepted(
        _ response: borrowing HeaderList, of request: borrowing HeaderList
    ) -> Bool {
        guard let key = self.value(of: "sec-websocket-key", in: request) else { return false }
        return self.isAccepted(response, key: request.span(key))
    }

    /// The answer to a request's key; `nil` if it has none.
    package static func accept(of request: borrowing HeaderList) -> [UInt8]? {
        guard let key = self.value(of: "sec-websocket-key", in: request) else { return nil }
        return self.accept(request.span(key))
    }

    package static func isAccepted(_ response: borrowing HeaderList, key: Span<UInt8>) -> Bool {
        guard let upgrade = response.first(.upgrade), response.isValue(upgrade, "websocket"),
            ConnectionTokens.scan(response).upgrade,
            self.count(of: "sec-websocket-accept", in: response) == 1,
            let accept = self.value(of: "sec-websocket-accept", in: response)
        else { return false }
        return response.span(accept).isEqual(to: self.accept(key))
    }

    /// `Sec-WebSocket-Accept` for a key (RFC 6455 §4.2.2).
    package static func accept(_ key: Span<UInt8>) -> [UInt8] {
        var input: [UInt8] = []
        for index in key.indices { input.append(key[index]) }
        input += Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
        return Base64Stream.encode(Array(Insecure.SHA1.hash(data: input)).span)
    }

    /// A key of our own, for an upstream that is asked over HTTP/1.1 in the name of an HTTP/2
    /// client, which sends none.
    package static func key(random: (UInt64, UInt64)) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [random.0, random.1] {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return Base64Stream.encode(bytes.span)
    }

    /// Sixteen bytes in base64: 24 characters that end in `==`.
    private static func isKey(_ key: Span<UInt8>) -> Bool {
        guard key.count == 24, key[22] == UInt8(ascii: "="), key[23] == UInt8(ascii: "=") else {
            return false
        }
        for index in 0..<22 {
            switch key[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                continue
            default: return false
            }
        }
        return true
    }

    package static func value(
        of name: StaticString, in headers: borrowing HeaderList
    ) -> ByteRange? {
        for field in headers.fields where !field.isRemoved {
            if headers.span(field.name).isEqualIgnoringCase(to: name) { return field.value }
        }
        return nil
    }

    private static func count(of name: StaticString, in headers: borrowing HeaderList) -> Int {
        var count = 0
        for field in headers.fields where !field.isRemoved {
            if headers.span(field.name).isEqualIgnoringCase(to: name) { count += 1 }
        }
        return count
    }
}
