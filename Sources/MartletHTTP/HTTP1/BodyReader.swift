/// Finds the body bytes of one HTTP/1 message in what is read from its connection.
///
/// Holds no data. Bounded by `bytesMax`, whatever the framing says. Owned by an exchange, one for
/// each direction.
package struct BodyReader: ~Copyable {
    private enum Framing {
        case length(Int)
        case chunked
        case untilClose
    }

    private var framing = Framing.length(0)
    /// Holds the trailer fields of a chunked message once it has ended.
    package var chunks = ChunkedDecoder()
    private var bytesLeft = 0
    /// Body bytes found so far.
    package private(set) var bytesRead = 0

    package init() {}

    package init(_ framing: BodyFraming, bytesMax: Int = .max) {
        self.begin(framing, bytesMax: bytesMax)
    }

    /// Makes it ready for another message; only a chunked one before costs anything.
    ///
    /// - `bytesMax`: a longer body is `bodyTooLarge` as soon as that shows.
    /// - `keepsTrailers`: they have come already, in another protocol's way.
    package mutating func begin(
        _ framing: BodyFraming, bytesMax: Int = .max, keepsTrailers: Bool = false
    ) {
        if !keepsTrailers {
            if case .chunked = self.framing { self.chunks = ChunkedDecoder() }
            if !self.chunks.trailers.isEmpty { self.chunks = ChunkedDecoder() }
        }
        self.bytesLeft = bytesMax
        self.bytesRead = 0
        switch framing {
        case .none: self.framing = .length(0)
        case .length(let count): self.framing = .length(count)
        case .chunked: self.framing = .chunked
        case .untilClose: self.framing = .untilClose
        }
    }

    package enum Event: Equatable {
        /// All input is used up.
        case needsMore
        /// Body bytes, as a range of the input.
        case data(Range<Int>)
        case end
        case failed(MessageError)
    }

    /// Bytes still to come; `nil` where the framing does not say.
    package var remainingCount: Int? {
        if case .length(let count) = self.framing { count } else { nil }
    }

    /// Takes the next event from `input` at `position`, which moves behind what was used.
    package mutating func next(
        _ input: Span<UInt8>, at position: inout Int, limits: HeadLimits
    ) -> Event {
        switch self.framing {
        case .length(0): return .end
        case .length(let remaining):
            guard position < input.count else { return .needsMore }
            let end = position + min(remaining, input.count - position)
            self.framing = .length(remaining - (end - position))
            return self.data(&position, to: end)
        case .chunked:
            switch self.chunks.next(input, at: &position, limits: limits) {
            case .needsMore: return .needsMore
            case .end: return .end
            case .failed(let error): return .failed(error)
            case .data(let range):
                var start = range.lowerBound
                return self.data(&start, to: range.upperBound)
            }
        case .untilClose:
            guard position < input.count else { return .needsMore }
            return self.data(&position, to: input.count)
        }
    }

    /// Counts body bytes that come without HTTP/1's framing, as in HTTP/2.
    package mutating func count(_ count: Int) -> MessageError? {
        guard count <= self.bytesLeft else { return .bodyTooLarge }
        self.bytesLeft -= count
        self.bytesRead += count
        return nil
    }

    /// Whether a message is whole when its connection ends here.
    package var isWholeAtClose: Bool {
        switch self.framing {
        case .length(let remaining): remaining == 0
        case .chunked: self.chunks.isFinished
        case .untilClose: true
        }
    }

    private mutating func data(_ position: inout Int, to end: Int) -> Event {
        let range = position..<end
        guard range.count <= self.bytesLeft else { return .failed(.bodyTooLarge) }
        self.bytesLeft -= range.count
        self.bytesRead += range.count
        position = end
        return .data(range)
    }
}
