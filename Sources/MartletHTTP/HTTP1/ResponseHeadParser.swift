/// Reads an HTTP/1.x response head into a `ResponseHead`, over as many reads as it takes.
///
/// As strict as for requests: an upstream that can be misread must not desynchronise a connection
/// that others share. Owned by an upstream connection; bounded by `HeadLimits`.
package struct ResponseHeadParser: Sendable, BitwiseCopyable {
    private var hasStatusLine = false
    private var lines = LineAssembler()

    package init() {}

    package enum Outcome: Equatable {
        case needsMore
        /// The head is whole; `position` stands on the first byte behind it.
        case complete
        case failed(MessageError)
    }

    package var hasStarted: Bool { self.lines.sectionBytes != 0 }

    package mutating func parse(
        _ input: Span<UInt8>, at position: inout Int, into head: ResponseHead, limits: HeadLimits
    ) -> Outcome {
        while position < input.count {
            let step = self.lines.next(
                input, at: &position, store: &head.headers, bytesMax: limits.headBytesMax)
            switch step {
            case .needsMore: return .needsMore
            case .tooLong: return .failed(.headerSectionTooLarge)
            case .failed(let error): return .failed(error)
            case .line(let line):
                if let outcome = self.take(line, into: head, limits: limits) { return outcome }
            }
        }
        return .needsMore
    }

    private mutating func take(
        _ line: ByteRange, into head: ResponseHead, limits: HeadLimits
    ) -> Outcome? {
        guard self.hasStatusLine else {
            self.hasStatusLine = true
            return Self.parseStatusLine(line, into: head).map(Outcome.failed)
        }
        guard line.isEmpty else {
            guard head.headers.fields.count < limits.fieldCountMax else {
                return .failed(.tooManyHeaderFields)
            }
            return FieldLineParser.parse(line, into: &head.headers).map(Outcome.failed)
        }
        switch BodyFraming.declared(in: head.headers, minorVersion: head.minorVersion) {
        case .failure(let error): return .failed(error)
        case .success(let framing): head.framing = framing
        }
        self = ResponseHeadParser()
        return .complete
    }

    private static func parseStatusLine(
        _ line: ByteRange, into head: ResponseHead
    ) -> MessageError? {
        guard let (status, minorVersion) = Self.readStatusLine(line, of: head.headers) else {
            return .malformedStatusLine
        }
        head.status = status
        head.minorVersion = minorVersion
        return nil
    }

    private static func readStatusLine(
        _ line: ByteRange, of headers: borrowing HeaderList
    ) -> (status: UInt16, minorVersion: UInt8)? {
        Self.readStatusLine(headers.span(line))
    }

    /// `HTTP/1.1 200 OK`; the reason may be empty, and its SP left out, as many servers do.
    private static func readStatusLine(
        _ bytes: Span<UInt8>
    ) -> (status: UInt16, minorVersion: UInt8)? {
        guard bytes.count >= 12, bytes[8] == 32,
            case .success(let minorVersion) = RequestLine.minorVersion(bytes.extracting(..<8))
        else { return nil }
        var status: UInt16 = 0
        for index in 9..<12 {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            status = status * 10 + UInt16(digit)
        }
        guard 100...599 ~= status, bytes.count == 12 || bytes[12] == 32 else { return nil }
        return bytes.extracting(12...).isFieldValue ? (status, minorVersion) : nil
    }
}
