import MartletHTTP
import MartletJSON

/// What one worker validates requests with.
///
/// Confined to the worker's loop, used for one request at a time, then used again: memory of large
/// documents is given back.
final class RequestValidationState {
    var document = JSONDocument()
    var validator = JSONSchemaValidator()
    var matcher = RegularExpressionMatcher()
    /// A query parameter's name or value, decoded.
    var decoded: [UInt8] = []
    /// Of each rule, whether its field was there.
    var seen: [Bool] = []
    private var writer = JSONWriter()
    private(set) var errorCount = 0

    /// Errors told of one request; more are left out.
    static let errorCountMax = 20
    /// Bytes of a name or pointer that are told.
    private static let nameBytesMax = 256
    /// What a document may keep between two requests.
    private static let keptBytesMax = 64 * 1024

    init() {}

    func begin() {
        self.writer.removeAll()
        self.writer.beginArray()
        self.errorCount = 0
    }

    /// - `source`: the key under which the place stands, as `pointer`, `parameter`, `header`.
    func add(_ detail: String, at place: String, source: StaticString) {
        guard self.errorCount < Self.errorCountMax else { return }
        self.errorCount += 1
        self.writer.beginObject()
        self.writer.key("detail")
        self.writer.string(Array(detail.utf8).span)
        self.writer.key(source)
        self.writer.string(Array(Self.shortened(place).utf8).span)
        self.writer.endObject()
    }

    /// About the request as a whole.
    func add(_ detail: String) {
        guard self.errorCount < Self.errorCountMax else { return }
        self.errorCount += 1
        self.writer.beginObject()
        self.writer.key("detail")
        self.writer.string(Array(detail.utf8).span)
        self.writer.endObject()
    }

    private static func shortened(_ place: String) -> String {
        guard place.utf8.count > self.nameBytesMax else { return place }
        var short = ""
        for character in place.unicodeScalars {
            guard short.utf8.count < self.nameBytesMax else { break }
            short.unicodeScalars.append(character)
        }
        return short + "…"
    }

    /// The `errors` member of the answer: an array.
    var errors: ContiguousArray<UInt8> { self.writer.bytes }

    /// No more will be added.
    func end() {
        self.writer.endArray()
        self.document.shrink(to: Self.keptBytesMax)
    }

    /// The bytes of a piece of a query as an upstream reads them: `+` is a space, a broken escape
    /// its bytes.
    func decode(_ text: Span<UInt8>) {
        self.decoded.removeAll(keepingCapacity: true)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "+") {
                self.decoded.append(0x20)
            } else if let escaped = text.escapedByte(at: index) {
                self.decoded.append(escaped)
                index += 2
            } else {
                self.decoded.append(byte)
            }
            index += 1
        }
    }
}
