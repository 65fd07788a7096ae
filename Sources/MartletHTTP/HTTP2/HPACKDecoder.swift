/// Reads field blocks (RFC 7541) straight into header lists.
///
/// Owned by a connection, one for each direction that is read: the dynamic table outlives its
/// messages. Bounded by the table's size; a block by `HeadLimits`. Whole blocks only: HEADERS with
/// its CONTINUATIONs are put together before.
package struct HPACKDecoder: ~Copyable {
    private var table = HPACKDynamicTable(sizeMax: HPACKDecoder.tableBytesMaxFirst)
    /// What the peer may choose at most.
    private var tableBytesMax = HPACKDecoder.tableBytesMaxFirst
    /// The next block must begin by choosing a table of at most this size.
    private var resizeMax: Int?
    private let huffman = HPACKHuffman.shared
    private let staticTable = HPACKStaticTable.shared

    /// SETTINGS_HEADER_TABLE_SIZE before any SETTINGS (RFC 9113 §6.5.2).
    package static let tableBytesMaxFirst = 4096

    package init() {}

    package enum Outcome: Sendable, BitwiseCopyable, Equatable {
        case complete
        /// A stream error PROTOCOL_ERROR (RFC 9113 §8.1.1).
        case malformed(MessageError)
        /// Larger than the limits: to be answered 431, or the stream to be reset.
        case tooLarge(MessageError)
        /// A connection error COMPRESSION_ERROR: the tables are no longer in step.
        case compressionError
        /// Very much larger than the limits: a connection error ENHANCE_YOUR_CALM.
        case excessive
    }

    /// The peer has acknowledged SETTINGS in which we announced this SETTINGS_HEADER_TABLE_SIZE.
    package mutating func tableBytesMaxAcknowledged(_ bytesMax: Int) {
        self.tableBytesMax = bytesMax
        // RFC 9113 §4.3.1: a reduction has to be followed.
        if bytesMax < self.table.sizeMax { self.resizeMax = min(bytesMax, self.resizeMax ?? .max) }
    }

    /// Decodes a whole field block.
    ///
    /// Each field is put in the list as a line that can be forwarded as it is, each pseudo field's
    /// value into the list's bytes. After any outcome but `complete` the list and `pseudo` hold
    /// what came before the first fault, and the decoder is still good, except after
    /// `compressionError` and `excessive`.
    package mutating func decode(
        _ block: Span<UInt8>, into headers: inout HeaderList, pseudo: inout HTTP2PseudoFields,
        limits: HeadLimits, isTrailers: Bool
    ) -> Outcome {
        var section = HTTP2FieldSection(limits: limits, isTrailers: isTrailers)
        var position = 0
        guard self.resizeTable(block, at: &position) else { return .compressionError }
        while position < block.count {
            let isWellFormed =
                if block[position] & 0x80 != 0 {
                    self.takeIndexed(block, at: &position, &headers, &pseudo, &section)
                } else {
                    self.takeLiteral(block, at: &position, &headers, &pseudo, &section)
                }
            guard isWellFormed else { return .compressionError }
            guard !section.isExcessive else { return .excessive }
        }
        return section.outcome
    }

    /// Size updates, which stand at the beginning of a block only (RFC 7541 §4.2, §6.3).
    private mutating func resizeTable(_ block: Span<UInt8>, at position: inout Int) -> Bool {
        while position < block.count, block[position] & 0xe0 == 0x20 {
            guard let size = HPACKInteger.read(block, at: &position, prefixBits: 5),
                size <= self.resizeMax ?? self.tableBytesMax
            else { return false }
            self.resizeMax = nil
            self.table.resize(to: size)
        }
        return self.resizeMax == nil || block.isEmpty
    }

    // MARK: Representations

    /// RFC 7541 §6.1.
    private mutating func takeIndexed(
        _ block: Span<UInt8>, at position: inout Int, _ headers: inout HeaderList,
        _ pseudo: inout HTTP2PseudoFields, _ section: inout HTTP2FieldSection
    ) -> Bool {
        guard let index = HPACKInteger.read(block, at: &position, prefixBits: 7),
            let field = self.field(index)
        else { return false }
        guard section.admits(field, fieldCount: headers.fields.count, pseudo: pseudo) else {
            return true
        }
        let start = headers.bytes.count
        if let name = field.pseudo {
            let value = (field.nameCount + 2)..<(field.lineCount - 2)
            self.append(value, of: index, to: &headers)
            pseudo.set(name, to: ByteRange(start: start, end: headers.bytes.count))
        } else {
            self.append(0..<field.lineCount, of: index, to: &headers)
            self.add(field, at: start, to: &headers, isTrailer: section.isTrailers)
        }
        return true
    }

    /// RFC 7541 §6.2, with and without indexing.
    private mutating func takeLiteral(
        _ block: Span<UInt8>, at position: inout Int, _ headers: inout HeaderList,
        _ pseudo: inout HTTP2PseudoFields, _ section: inout HTTP2FieldSection
    ) -> Bool {
        let first = block[position]
        // A size update behind a field is an error.
        guard first & 0xe0 != 0x20 else { return false }
        let isIndexed = first & 0x40 != 0
        let start = headers.bytes.count
        guard
            let index = HPACKInteger.read(
                block, at: &position, prefixBits: isIndexed ? 6 : 4),
            var field = self.takeName(index, block, at: &position, &headers)
        else { return false }
        headers.appendBytes(UInt8(ascii: ":"), 0x20)
        let valueStart = headers.bytes.count
        guard self.takeString(block, at: &position, &headers) else { return false }
        let value = ByteRange(start: valueStart, end: headers.bytes.count)
        headers.appendBytes(13, 10)
        field.valueCount = Int(value.count)
        field.valueFault = HTTP2FieldRules.fault(value: headers.span(value), of: field.known)
        if isIndexed {
            let line = ByteRange(start: start, end: headers.bytes.count)
            self.table.insert(field, line: headers.span(line))
        }
        if section.admits(field, fieldCount: headers.fields.count, pseudo: pseudo) {
            if let name = field.pseudo {
                pseudo.set(name, to: value)
            } else {
                self.add(field, at: start, to: &headers, isTrailer: section.isTrailers)
            }
        } else {
            headers.truncateBytes(to: start)
        }
        return true
    }

    /// Puts a literal's name into the list's bytes: that of another field, or its own for index 0.
    private func takeName(
        _ index: Int, _ block: Span<UInt8>, at position: inout Int, _ headers: inout HeaderList
    ) -> HPACKField? {
        guard index == 0 else {
            guard let field = self.field(index) else { return nil }
            self.append(0..<field.nameCount, of: index, to: &headers)
            return field
        }
        let start = headers.bytes.count
        guard self.takeString(block, at: &position, &headers) else { return nil }
        return HTTP2FieldRules.judge(
            name: headers.span(ByteRange(start: start, end: headers.bytes.count)))
    }

    /// RFC 7541 §5.2.
    private func takeString(
        _ block: Span<UInt8>, at position: inout Int, _ headers: inout HeaderList
    ) -> Bool {
        guard position < block.count else { return false }
        let isHuffman = block[position] & 0x80 != 0
        guard let count = HPACKInteger.read(block, at: &position, prefixBits: 7),
            count <= block.count - position
        else { return false }
        let bytes = block.extracting(position..<(position + count))
        position += count
        if isHuffman { return headers.appendBytes(self.huffman, decoding: bytes) }
        headers.appendBytes(bytes)
        return true
    }

    // MARK: Both tables

    private func field(_ index: Int) -> HPACKField? {
        guard index > HPACKStaticTable.count else {
            return index > 0 ? self.staticTable[index] : nil
        }
        return self.table[index - HPACKStaticTable.count - 1]
    }

    private func append(_ range: Range<Int>, of index: Int, to headers: inout HeaderList) {
        if index > HPACKStaticTable.count {
            self.table.append(range, of: index - HPACKStaticTable.count - 1, to: &headers)
        } else {
            self.staticTable.append(range, of: index, to: &headers)
        }
    }

    /// Adds the field whose line begins at `start` and ends the list's bytes.
    private func add(
        _ field: HPACKField, at start: Int, to headers: inout HeaderList, isTrailer: Bool
    ) {
        let nameEnd = start + field.nameCount
        headers.appendLine(
            field.known, name: ByteRange(start: start, end: nameEnd),
            value: ByteRange(start: nameEnd + 2, end: nameEnd + 2 + field.valueCount))
        if isTrailer, TrailerFields.verdict(field.known) == .drop {
            headers.markRemoved(at: headers.fields.count - 1)
        }
    }
}
