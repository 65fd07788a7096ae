import MartletHTTP
import NIOCore

/// What one stream still has to send: body bytes that its window or the connection's does not let
/// go yet, and how it ends.
///
/// Owned by a stream. Bounded by the other side's being paused as soon as something lies here, so
/// by what one read brings.
struct HTTP2SendQueue {
    enum End {
        /// More may come.
        case open
        /// With the last body byte.
        case afterBody
        /// With these frames, which need no window.
        case afterTrailers(ByteBuffer)
        /// Said.
        case sent
    }

    private var pieces: ContiguousArray<ByteBuffer> = []
    private var first = 0
    private(set) var byteCount = 0
    var window: HTTP2SendWindow
    var end = End.open

    init(window: HTTP2SendWindow) {
        self.window = window
    }

    var isEmpty: Bool { self.byteCount == 0 }

    var isEnded: Bool {
        if case .sent = self.end { true } else { false }
    }

    mutating func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        self.pieces.append(bytes)
        self.byteCount += bytes.readableBytes
    }

    /// Takes the next bytes, of one piece and at most `countMax` of them.
    mutating func next(countMax: Int) -> ByteBuffer? {
        guard self.first < self.pieces.count, countMax > 0 else { return nil }
        let count = min(countMax, self.pieces[self.first].readableBytes)
        guard let bytes = self.pieces[self.first].readSlice(length: count) else { return nil }
        self.byteCount -= count
        if self.pieces[self.first].readableBytes == 0 { self.dropFirst() }
        return bytes
    }

    private mutating func dropFirst() {
        self.pieces[self.first] = ByteBuffer()
        self.first += 1
        guard self.first == self.pieces.count else { return }
        self.pieces.removeAll(keepingCapacity: self.pieces.capacity <= 16)
        self.first = 0
    }

    /// Forgets what was not sent.
    mutating func removeAll() {
        self.pieces.removeAll(keepingCapacity: self.pieces.capacity <= 16)
        self.first = 0
        self.byteCount = 0
        self.end = .sent
    }
}
