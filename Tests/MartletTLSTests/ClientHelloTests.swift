import MartletTLS
import Testing

@Suite struct ClientHelloTests {
    /// A first message with these extensions, in records of at most `recordBytes`.
    static func message(
        _ extensions: [UInt8]?, recordBytes: Int = 16384, version: UInt8 = 1
    ) -> [UInt8] {
        var body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32)
        body += [32] + [UInt8](repeating: 9, count: 32)
        body += [0, 4, 0x13, 0x01, 0x13, 0x02] + [1, 0]
        if let extensions { body += Self.length(extensions.count) + extensions }
        let message = [1, 0] + Self.length(body.count) + body
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: message.count, by: recordBytes) {
            let piece = message[start..<min(start + recordBytes, message.count)]
            bytes += [22, 3, version] + Self.length(piece.count) + piece
        }
        return bytes
    }

    static func length(_ count: Int) -> [UInt8] { [UInt8(count >> 8), UInt8(count & 255)] }

    static func serverName(_ name: String, type: UInt8 = 0) -> [UInt8] {
        let entry = [type] + Self.length(name.utf8.count) + Array(name.utf8)
        return [0, 0] + Self.length(entry.count + 2) + Self.length(entry.count) + entry
    }

    /// ALPN with `http/1.1`, and an empty extension.
    static let others: [UInt8] =
        [0, 16, 0, 11, 0, 9, 8] + Array("http/1.1".utf8) + [0, 23, 0, 0]

    static func read(_ bytes: [UInt8]) -> ClientHello.Outcome { ClientHello.read(bytes.span) }

    static func name(_ bytes: [UInt8]) -> String? {
        guard case .complete(let hello) = Self.read(bytes) else { return nil }
        return String(decoding: hello.serverName, as: UTF8.self)
    }

    @Test(arguments: [
        ("www.example.com", "www.example.com"), ("WWW.Example.COM", "www.example.com"),
        ("example.com.", "example.com"), ("a", "a"), ("[", "["),
    ])
    func names(sent: String, read: String) {
        let extensions = Self.others + Self.serverName(sent) + Self.others
        #expect(Self.name(Self.message(extensions)) == read)
        #expect(Self.name(Self.message(extensions) + [1, 2, 3]) == read, "what follows is left")
    }

    @Test(arguments: [1, 2, 3, 5, 40, 99])
    func oneMessageInManyRecords(recordBytes: Int) {
        let extensions = Self.others + Self.serverName("example.com")
        #expect(Self.name(Self.message(extensions, recordBytes: recordBytes)) == "example.com")
    }

    @Test func withoutAName() {
        #expect(Self.name(Self.message(Self.others)) == "")
        #expect(Self.name(Self.message([])) == "")
        #expect(Self.name(Self.message(nil)) == "")
    }

    /// Every prefix asks for more, for bytes that are not there yet, and not for too many.
    @Test(arguments: [16384, 50])
    func cutAnywhere(recordBytes: Int) {
        let whole = Self.message(
            Self.others + Self.serverName("example.com"), recordBytes: recordBytes)
        for count in whole.indices {
            guard case .needsMore(let needed) = Self.read(Array(whole[..<count])) else {
                Issue.record("\(count) bytes")
                continue
            }
            #expect(needed > count && needed <= whole.count)
        }
    }

    @Test(arguments: [
        Array("GET / HTTP/1.1\r\n".utf8), Array("G".utf8), [22, 2, 0, 0, 4, 1, 0, 0, 0],
        [22, 3, 1, 0, 0], [22, 3, 1, 0x40, 1], [22, 3, 1, 0xff, 0xff], [21, 3, 1, 0, 2, 1, 0],
        [22, 3, 1, 0, 4, 2, 0, 0, 0], [22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff],
        [22, 3, 1, 0, 4, 1, 0, 0, 0],
    ])
    func noHello(bytes: [UInt8]) {
        #expect(Self.read(bytes) == .malformed)
    }

    static let malformedExtensions: [[UInt8]] = [
        [0], [0, 0], [0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 0], [0, 0, 0, 2, 0, 0],
        [0, 0, 0, 3, 0, 1, 0], Self.serverName(""), Self.serverName("."),
        Self.serverName("a b"), Self.serverName("a\0b"), Self.serverName("ä.example"),
        Self.serverName(String(repeating: "a", count: 254)), Self.serverName("a", type: 1),
        Self.serverName("a.example") + Self.serverName("b.example"),
        // Two names in one list.
        [0, 0, 0, 10, 0, 8, 0, 0, 1, 0x61, 0, 0, 1, 0x62],
    ]

    @Test(arguments: Self.malformedExtensions)
    func malformedNames(extensions: [UInt8]) {
        #expect(Self.read(Self.message(extensions)) == .malformed)
    }

    /// No bytes make it trap, and none make it want more than it allows itself.
    @Test func damagedAnywhere() {
        let whole = Self.message(Self.others + Self.serverName("example.com"), recordBytes: 60)
        for index in whole.indices {
            for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff] {
                var bytes = whole
                bytes[index] = value
                if case .needsMore(let count) = Self.read(bytes) {
                    #expect(count > bytes.count && count <= ClientHello.bytesMax)
                }
            }
        }
    }
}
