/// Reads an HTTP/1.x request head into a `RequestHead`, over as many reads as it takes.
///
/// Strict where RFC 9112 lets a recipient choose: what two readers could understand differently is
/// refused. Owned by a connection; bounded by `HeadLimits`.
package struct RequestHeadParser: Sendable, BitwiseCopyable {
    private enum Phase: UInt8 {
        /// Before the first byte; one empty line is skipped (RFC 9112 §2.2).
        case beforeRequestLine
        case afterEmptyLine
        case fields
    }

    private var phase = Phase.beforeRequestLine
    private var lines = LineAssembler()
    private var target = ByteRange.empty

    package init() {}

    package enum Outcome: Equatable {
        case needsMore
        /// The head is whole; `position` stands on the first byte behind it.
        case complete
        case failed(MessageError)
        case failedTarget(RequestTargetError)
    }

    /// Whether a byte of a head has been seen.
    package var hasStarted: Bool { self.lines.sectionBytes != 0 }

    package mutating func parse(
        _ input: Span<UInt8>, at position: inout Int, into head: RequestHead, limits: HeadLimits
    ) -> Outcome {
        while position < input.count {
            let isRequestLine = self.phase != .fields
            // +4: an empty line before it and its own CR LF.
            let bytesMax = isRequestLine ? limits.startLineBytesMax + 4 : limits.headBytesMax
            let step = self.lines.next(
                input, at: &position, store: &head.headers, bytesMax: bytesMax)
            switch step {
            case .needsMore: return .needsMore
            case .tooLong:
                return .failed(isRequestLine ? .requestLineTooLong : .headerSectionTooLarge)
            case .failed(let error): return .failed(error)
            case .line(let line):
                if let outcome = self.take(line, into: head, limits: limits) { return outcome }
            }
        }
        return .needsMore
    }

    private mutating func take(
        _ line: ByteRange, into head: RequestHead, limits: HeadLimits
    ) -> Outcome? {
        switch self.phase {
        case .beforeRequestLine where line.isEmpty:
            self.phase = .afterEmptyLine
            return nil
        case .beforeRequestLine, .afterEmptyLine:
            self.phase = .fields
            guard line.count <= limits.startLineBytesMax else {
                return .failed(.requestLineTooLong)
            }
            return self.parseRequestLine(line, into: head).map(Outcome.failed)
        case .fields where line.isEmpty:
            return self.finish(head)
        case .fields:
            guard head.headers.fields.count < limits.fieldCountMax else {
                return .failed(.tooManyHeaderFields)
            }
            return FieldLineParser.parse(line, into: &head.headers).map(Outcome.failed)
        }
    }

    private mutating func parseRequestLine(
        _ line: ByteRange, into head: RequestHead
    ) -> MessageError? {
        let shape: RequestLine
        switch RequestLine.read(line, of: head.headers) {
        case .failure(let error): return error
        case .success(let found): shape = found
        }
        let base = Int(line.start)
        head.minorVersion = shape.minorVersion
        head.method = shape.method
        head.methodBytes = ByteRange(start: base, end: base + shape.methodEnd)
        self.target = ByteRange(start: base + shape.methodEnd + 1, end: base + shape.targetEnd)
        return nil
    }

    /// RFC 9110 §10.1.1: `100-continue`, once, or nothing.
    static func isExpectationKnown(_ headers: borrowing HeaderList) -> Bool {
        guard headers.presence & HeaderName.expect.bit != 0 else { return true }
        var count = 0
        for field in headers.fields where field.known == .expect {
            count += 1
            guard count == 1, headers.isValue(field.value, "100-continue") else { return false }
        }
        return true
    }

    private mutating func finish(_ head: RequestHead) -> Outcome {
        guard !BodyFraming.isDisguised(in: head.headers) else {
            return .failed(.malformedFieldName)
        }
        switch BodyFraming.declared(in: head.headers, minorVersion: head.minorVersion) {
        case .failure(let error): return .failed(error)
        case .success(let framing): head.framing = framing
        }
        if let error = RequestTarget.resolve(self.target, head: head) {
            return .failedTarget(error)
        }
        guard Self.isExpectationKnown(head.headers) else { return .failed(.expectationUnknown) }
        self = RequestHeadParser()
        return .complete
    }
}
