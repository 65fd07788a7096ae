/// What a TLS client says before anything is encrypted, as far as a server is chosen by it: the
/// name of the server it wants (RFC 6066 §3).
///
/// Read from the bytes of a connection without changing them, so that they can go on to whoever
/// speaks TLS. At most `bytesMax` are looked at.
package struct ClientHello: Sendable, Equatable {
    /// In lower case, without a dot at the end; empty if the client named none.
    package let serverName: [UInt8]

    package enum Outcome: Sendable, Equatable {
        /// Ask again when this many bytes are there.
        case needsMore(Int)
        case complete(ClientHello)
        /// Not TLS, or not well-formed, or too long: a TLS library is to refuse it.
        case malformed
    }

    /// A first message longer than this is none that a client would send.
    package static let bytesMax = 32 * 1024
    /// RFC 8446 §5.1: no record carries more.
    private static let recordBytesMax = 1 << 14
    private static let recordHeadBytes = 5
    private static let messageHeadBytes = 4

    /// Reads the bytes that a connection began with.
    package static func read(_ bytes: Span<UInt8>) -> Outcome {
        var message: [UInt8] = []
        var position = 0
        while true {
            let head = position + self.recordHeadBytes
            guard bytes.count >= head else { return self.more(head, bytes) }
            // Handshake records only, of any version that calls itself 3.x.
            let length = Int(bytes[position + 3]) << 8 | Int(bytes[position + 4])
            guard bytes[position] == 22, bytes[position + 1] == 3,
                1...self.recordBytesMax ~= length, head + length <= self.bytesMax
            else { return .malformed }
            guard bytes.count >= head + length else { return self.more(head + length, bytes) }
            for index in head..<head + length { message.append(bytes[index]) }
            position = head + length
            guard message.count >= self.messageHeadBytes else { continue }
            let end = Int(message[1]) << 16 | Int(message[2]) << 8 | Int(message[3])
            guard message[0] == 1, end <= self.bytesMax else { return .malformed }
            guard message.count >= self.messageHeadBytes + end else { continue }
            let body = message.span.extracting(self.messageHeadBytes..<self.messageHeadBytes + end)
            return ClientHello(body: body).map { .complete($0) } ?? .malformed
        }
    }

    /// A first byte that is no TLS is told at once.
    private static func more(_ count: Int, _ bytes: Span<UInt8>) -> Outcome {
        bytes.count > 0 && bytes[0] != 22 ? .malformed : .needsMore(count)
    }

    /// - `body`: of the message, after its type and length (RFC 8446 §4.1.2).
    private init?(body: Span<UInt8>) {
        var reader = TLSReader(body)
        // Version and random.
        guard reader.skip(2 + 32), reader.skipVector(lengthBytes: 1),
            reader.skipVector(lengthBytes: 2), reader.skipVector(lengthBytes: 1)
        else { return nil }
        guard !reader.isAtEnd else {
            self.serverName = []
            return
        }
        guard var extensions = reader.vector(lengthBytes: 2), reader.isAtEnd else { return nil }
        var name: [UInt8]?
        while !extensions.isAtEnd {
            guard let type = extensions.number(bytes: 2),
                var content = extensions.vector(lengthBytes: 2)
            else { return nil }
            guard type == 0 else { continue }
            guard name == nil, let found = Self.serverName(&content) else { return nil }
            name = found
        }
        self.serverName = name ?? []
    }

    /// The one host name of the extension; there is no other type of name.
    private static func serverName(_ content: inout TLSReader) -> [UInt8]? {
        guard var list = content.vector(lengthBytes: 2), content.isAtEnd,
            list.number(bytes: 1) == 0, let name = list.vector(lengthBytes: 2), list.isAtEnd
        else { return nil }
        var bytes: [UInt8] = []
        for index in name.remaining {
            let byte = name.bytes[index]
            guard 0x21...0x7e ~= byte else { return nil }
            bytes.append(0x41...0x5a ~= byte ? byte | 0x20 : byte)
        }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return 1...253 ~= bytes.count ? bytes : nil
    }
}

/// Goes through numbers and length-prefixed vectors (RFC 8446 §3), never past the end.
private struct TLSReader: ~Escapable {
    let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { self.position == self.bytes.count }
    var remaining: Range<Int> { self.position..<self.bytes.count }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= self.bytes.count - self.position else { return false }
        self.position += count
        return true
    }

    mutating func number(bytes count: Int) -> Int? {
        let start = self.position
        guard self.skip(count) else { return nil }
        var value = 0
        for index in start..<start + count { value = value << 8 | Int(self.bytes[index]) }
        return value
    }

    mutating func skipVector(lengthBytes: Int) -> Bool {
        guard let count = self.number(bytes: lengthBytes) else { return false }
        return self.skip(count)
    }

    @_lifetime(copy self)
    mutating func vector(lengthBytes: Int) -> TLSReader? {
        guard let count = self.number(bytes: lengthBytes) else { return nil }
        let start = self.position
        guard self.skip(count) else { return nil }
        return TLSReader(self.bytes.extracting(start..<start + count))
    }
}
