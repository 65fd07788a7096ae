import MartletHTTP
import Testing

/// Request lines through the whole head parser, which is the only way to them.
@Suite struct RequestLineTests {
    private static func parse(_ line: [UInt8]) -> ParsedRequest {
        ParsedRequest([line + Array("\r\nHost: a\r\n\r\n".utf8)])
    }

    @Test(arguments: [
        ("GET / HTTP/1.1", "GET", "/", UInt8(1)),
        ("get /a HTTP/1.0", "get", "/a", 0),
        ("M-SEARCH /a/b HTTP/1.1", "M-SEARCH", "/a/b", 1),
        ("OPTIONS * HTTP/1.1", "OPTIONS", "*", 1),
        ("GET http://a/b HTTP/1.1", "GET", "/b", 1),
    ])
    func reads(line: String, method: String, path: String, minorVersion: UInt8) {
        let parsed = Self.parse(Array(line.utf8))
        #expect(parsed.outcome == .complete)
        #expect(parsed.method == method)
        #expect(parsed.path == path)
        #expect(parsed.minorVersion == minorVersion)
    }

    @Test(arguments: [
        ("", MessageError.malformedRequestLine), (" ", .malformedRequestLine),
        ("GET", .malformedRequestLine), ("GET ", .malformedRequestLine),
        ("GET  ", .malformedRequestLine), ("GET  HTTP/1.1", .malformedRequestLine),
        ("GET / ", .malformedRequestLine), ("GET / HTTP/1.1 x", .malformedRequestLine),
        ("/ HTTP/1.1", .malformedRequestLine), ("GET / HTTP/1.", .malformedRequestLine),
        ("GET / HTTP/ 1.1", .malformedRequestLine), ("GET / HTTPS/1.1", .malformedRequestLine),
        ("GET / HTTP/1,1", .malformedRequestLine), ("GET / HTTP/a.1", .malformedRequestLine),
        ("GET / HTTP/1.01", .malformedRequestLine), ("GET / a/b HTTP/1.1", .malformedRequestLine),
        ("GET / HTTP/1.9", .unsupportedVersion), ("GET / HTTP/3.1", .unsupportedVersion),
        ("GET / HTTP/0.1", .unsupportedVersion), ("GET / HTTP/9.9", .unsupportedVersion),
    ])
    func refuses(line: String, error: MessageError) {
        // Behind an empty line, which is skipped once, so that an empty one is a line as well.
        let parsed = ParsedRequest([Array("\r\n\(line)\r\nHost: a\r\n\r\n".utf8)])
        #expect(parsed.error == error)
    }

    /// Every byte in every place of a line: what is taken is what the grammar's own words say.
    @Test func everyByteInEveryPlace() {
        let line = Array("PUT /ab HTTP/1.1".utf8)
        for index in line.indices {
            for byte in UInt8.min...UInt8.max where byte != 10 && byte != 13 {
                var changed = line
                changed[index] = byte
                let parsed = Self.parse(changed)
                let isShaped = Self.isRequestLine(changed)
                #expect(
                    (parsed.error != .malformedRequestLine) == isShaped,
                    "byte \(byte) at \(index)")
                guard parsed.outcome == .complete else { continue }
                let words = changed.split(separator: 32)
                #expect(parsed.method == words.first.map { String(decoding: $0, as: UTF8.self) })
            }
        }
    }

    /// `method SP request-target SP HTTP-version` (RFC 9112 §3), said slowly.
    private static func isRequestLine(_ line: [UInt8]) -> Bool {
        let parts = line.split(separator: 32, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
        let isDigit = { (byte: UInt8) in 48...57 ~= byte }
        let version = Array(parts[2])
        return parts[0].allSatisfy { isDigit($0) || Self.isTokenSign($0) }
            && version.count == 8 && version.starts(with: Array("HTTP/".utf8))
            && isDigit(version[5]) && version[6] == 46 && isDigit(version[7])
    }

    private static func isTokenSign(_ byte: UInt8) -> Bool {
        65...90 ~= byte || 97...122 ~= byte || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
