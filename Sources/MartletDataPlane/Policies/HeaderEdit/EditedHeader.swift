import MartletConfig
import MartletHTTP

/// A header name of an edit, checked at load.
struct EditedHeaderName: Sendable {
    let bytes: [UInt8]
    let known: HeaderName

    /// Names that no edit may touch: Martlet writes them itself, or they steer the connection.
    private static let refused: UInt64 =
        HeaderName.connection.bit | HeaderName.contentLength.bit | HeaderName.host.bit
        | HeaderName.http2Settings.bit | HeaderName.keepAlive.bit | HeaderName.proxyConnection.bit
        | HeaderName.te.bit | HeaderName.trailer.bit | HeaderName.transferEncoding.bit
        | HeaderName.upgrade.bit

    init(_ text: String) throws(InvalidPolicy) {
        let known = HeaderName(Array(text.utf8).span)
        (self.bytes, self.known) = (Array(text.utf8), known)
        guard Self.isToken(text) else { throw InvalidPolicy("`\(text)` is not a header name") }
        guard known == .other || known.bit & Self.refused == 0 else {
            throw InvalidPolicy("`\(text)` cannot be edited")
        }
    }

    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { ByteClass.table[Int($0)] & ByteClass.token != 0 }
    }
}

/// A header with the value it gets; a line rendered at load unless the value has captures.
struct EditedHeader: Sendable {
    let name: EditedHeaderName
    private let template: ValueTemplate
    /// `name: value CR LF`; empty if the value has captures.
    let line: [UInt8]

    init(_ config: HeaderValueConfig, captureNames: [String]) throws(InvalidPolicy) {
        self.name = try EditedHeaderName(config.name)
        self.template = try ValueTemplate.compile(config.value, captureNames: captureNames)
        guard self.template.isLiteral else {
            self.line = []
            return
        }
        self.line = self.name.bytes + Array(": ".utf8) + self.template.literalBytes + [13, 10]
    }

    func add(to headers: inout HeaderList, captures: PathCaptures, head: RequestHead?) {
        guard self.line.isEmpty else {
            headers.addLine(
                self.line.span, nameCount: self.name.bytes.count, known: self.name.known)
            return
        }
        let open = headers.beginField(name: self.name.bytes.span)
        self.template.write(to: &headers, captures: captures, head: head)
        headers.endField(open)
    }
}

/// For one header, which value becomes which.
struct MappedHeader: Sendable {
    private let name: EditedHeaderName
    private let from: [[UInt8]]
    private let to: [ValueTemplate]

    init(_ config: ValueMapConfig, captureNames: [String]) throws(InvalidPolicy) {
        self.name = try EditedHeaderName(config.name)
        self.from = config.values.map { Array($0.name.utf8) }
        var to: [ValueTemplate] = []
        for value in config.values {
            to.append(try ValueTemplate.compile(value.value, captureNames: captureNames))
        }
        self.to = to
    }

    func apply(to headers: inout HeaderList, captures: PathCaptures, head: RequestHead?) {
        for index in headers.fields.indices
        where headers.isField(index, named: self.name.bytes.span) {
            guard let row = self.row(headers.span(headers.fields[index].value)) else { continue }
            let open = headers.beginField(name: self.name.bytes.span)
            self.to[row].write(to: &headers, captures: captures, head: head)
            headers.endField(open, replacing: index)
        }
    }

    private func row(_ value: Span<UInt8>) -> Int? {
        for index in self.from.indices where value.isEqual(to: self.from[index]) {
            return index
        }
        return nil
    }
}
