import MartletHTTP

/// What came of a request head, read in pieces.
struct ParsedRequest: Equatable {
    var outcome: RequestHeadParser.Outcome
    var method = ""
    var path = ""
    var minorVersion: UInt8 = 1
    var framing = BodyFraming.none
    var fields: [String] = []
    /// Bytes behind the head.
    var rest = 0
    /// Calls that returned.
    var callCount = 0

    static let limits = HeadLimits(
        startLineBytesMax: 8192, headBytesMax: 32 * 1024, fieldCountMax: 100)

    /// Feeds each piece in turn; a piece is never shown twice.
    init(_ pieces: [[UInt8]], limits: HeadLimits = Self.limits) {
        let head = RequestHead()
        var parser = RequestHeadParser()
        self.outcome = .needsMore
        for (index, piece) in pieces.enumerated() {
            var position = 0
            self.outcome = parser.parse(piece.span, at: &position, into: head, limits: limits)
            self.callCount += 1
            if self.outcome != .needsMore {
                self.rest =
                    piece.count - position + pieces[(index + 1)...].reduce(0) { $0 + $1.count }
                break
            }
        }
        guard self.outcome == .complete else { return }
        self.method = head.headers.text(head.methodBytes)
        self.path = head.headers.text(head.path)
        self.minorVersion = head.minorVersion
        self.framing = head.framing
        self.fields = head.headers.fields.map {
            "\(head.headers.text($0.name)): \(head.headers.text($0.value))"
        }
    }

    init(_ text: String, limits: HeadLimits = Self.limits) {
        self.init([Array(text.utf8)], limits: limits)
    }

    /// Without what depends on where the input was cut.
    var essence: ParsedRequest {
        var copy = self
        copy.callCount = 0
        return copy
    }

    /// The error, whether of the message or of its target.
    var error: MessageError? {
        if case .failed(let error) = self.outcome { error } else { nil }
    }
}

/// Every way to cut bytes in two.
func cuts(_ bytes: [UInt8]) -> [[[UInt8]]] {
    (0...bytes.count).map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
}
