/// The parts of `method SP target SP HTTP/1.x` (RFC 9112 §3), relative to the line's start.
///
/// Exactly one SP between the parts; nothing is skipped or repaired.
struct RequestLine {
    var method: Method
    var methodEnd: Int
    /// The target begins one behind `methodEnd`.
    var targetEnd: Int
    var minorVersion: UInt8

    static func read(
        _ line: ByteRange, of headers: borrowing HeaderList
    ) -> Result<RequestLine, MessageError> {
        Self.read(headers.span(line))
    }

    private static func read(_ bytes: Span<UInt8>) -> Result<RequestLine, MessageError> {
        var methodEnd = 0
        while methodEnd < bytes.count, ByteClass.isToken(bytes[methodEnd]) { methodEnd += 1 }
        guard methodEnd > 0, methodEnd < bytes.count, bytes[methodEnd] == 32,
            let targetEnd = bytes.firstIndex(of: 32, from: methodEnd + 1),
            targetEnd > methodEnd + 1
        else { return .failure(.malformedRequestLine) }

        let minorVersion: UInt8
        switch Self.minorVersion(bytes.extracting((targetEnd + 1)...)) {
        case .failure(let error): return .failure(error)
        case .success(let version): minorVersion = version
        }
        let method = Method(bytes.extracting(..<methodEnd))
        return .success(
            RequestLine(
                method: method, methodEnd: methodEnd, targetEnd: targetEnd,
                minorVersion: minorVersion))
    }

    /// `HTTP/1.1` or `HTTP/1.0`, case-sensitive (RFC 9112 §2.3).
    static func minorVersion(_ bytes: Span<UInt8>) -> Result<UInt8, MessageError> {
        guard bytes.count == 8, bytes.extracting(..<5).isEqual(to: "HTTP/"),
            0x30...0x39 ~= bytes[5], bytes[6] == UInt8(ascii: "."), 0x30...0x39 ~= bytes[7]
        else { return .failure(.malformedRequestLine) }
        guard bytes[5] == 0x31, bytes[7] <= 0x31 else { return .failure(.unsupportedVersion) }
        return .success(bytes[7] & 1)
    }
}
