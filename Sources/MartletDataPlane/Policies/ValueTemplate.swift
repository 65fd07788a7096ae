package import MartletHTTP

/// A value with captures in it, such as `acme-{tenant}`, compiled: literal runs and positions.
///
/// `{{` and `}}` are the braces themselves. Immutable; owned by the policy that writes it; writes
/// at most its literals plus three bytes for each byte of its captures.
package struct ValueTemplate: Sendable, Equatable {
    private enum Part: Sendable, BitwiseCopyable, Equatable {
        /// A run of `literals`.
        case literal(ByteRange)
        /// A position in the route's captures.
        case capture(Int)
    }

    private let parts: [Part]
    private let literals: [UInt8]
    private let encoding: ValueEncoding

    /// Compiles a text against the names that the route's path pattern captures, in their order.
    package static func compile(
        _ text: String, captureNames: [String], encoding: ValueEncoding = .fieldValue
    ) throws(InvalidPolicy) -> ValueTemplate {
        var parts: [Part] = []
        var literals: [UInt8] = []
        for piece in try ValueTemplatePiece.split(text) {
            switch piece {
            case .literal(let text):
                let start = literals.count
                literals += try encoding.literal(text)
                parts.append(.literal(ByteRange(start: start, end: literals.count)))
            case .capture(let name):
                guard let index = captureNames.firstIndex(of: name) else {
                    throw InvalidPolicy("the path pattern has no capture `{\(name)}`")
                }
                parts.append(.capture(index))
            }
        }
        return ValueTemplate(parts: parts, literals: literals, encoding: encoding)
    }

    /// Whether it has no captures, so that `literalBytes` is the whole value.
    package var isLiteral: Bool {
        !self.parts.contains { if case .capture = $0 { true } else { false } }
    }

    /// The literal runs without what captures put between them.
    package var literalBytes: [UInt8] { self.literals }

    /// Appends the value.
    package func write(to output: inout [UInt8], captures: PathCaptures, head: RequestHead) {
        for index in self.parts.indices {
            switch self.parts[index] {
            case .literal(let range):
                for index in range.indices { output.append(self.literals[index]) }
            case .capture(let position):
                for index in captures[position].indices {
                    self.put(head.headers.bytes[index], to: &output)
                }
            }
        }
    }

    /// Puts the value into a list's store.
    ///
    /// - `head`: whose path was captured; `nil` if `headers` is part of that head.
    package func write(
        to headers: inout HeaderList, captures: PathCaptures, head: RequestHead?
    ) {
        for index in self.parts.indices {
            switch self.parts[index] {
            case .literal(let range):
                headers.appendBytes(self.literals.span.extracting(range.indices))
            case .capture(let position):
                let range = captures[position]
                guard let head else {
                    for index in range.indices { self.put(headers.bytes[index], to: &headers) }
                    continue
                }
                for index in range.indices { self.put(head.headers.bytes[index], to: &headers) }
            }
        }
    }

    private func put<Sink: ByteSink & ~Copyable>(_ byte: UInt8, to sink: inout Sink) {
        if self.encoding.keeps(byte) {
            sink.appendByte(byte)
        } else if self.encoding != .fieldValue {
            sink.appendByte(UInt8(ascii: "%"))
            sink.appendByte(ValueEncoding.hexDigit(byte >> 4))
            sink.appendByte(ValueEncoding.hexDigit(byte & 15))
        }
    }
}

/// What bytes can be put at the end of; specialised, never used as an existential.
protocol ByteSink: ~Copyable {
    mutating func appendByte(_ byte: UInt8)
}

extension HeaderList: ByteSink {}

extension [UInt8]: ByteSink {
    mutating func appendByte(_ byte: UInt8) { self.append(byte) }
}
