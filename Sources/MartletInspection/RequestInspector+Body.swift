/// Bodies: taken apart by their media type.
extension RequestInspector {
    /// A whole body.
    ///
    /// - `contentType`: the field's value, empty if there is none.
    package mutating func inspectBody(_ body: Span<UInt8>, contentType: Span<UInt8>) {
        guard body.count > 0 else { return }
        var body = body
        if body.count > self.settings.limits.bodyBytesMax {
            self.markTruncated()
            body = body.extracting(0..<self.settings.limits.bodyBytesMax)
        }
        let type = MediaType(contentType)
        switch type.kind {
        case .json, .xml, .text, .unknown: self.inspectText(body, type.kind)
        case .multipart:
            if let boundary = type.boundary {
                self.inspectMultipart(body, contentType, boundary)
            } else {
                self.inspectPlain(body)
            }
        case .missing, .malformed, .form:
            self.inspectPairs(body, names: .formName, values: .formValue)
        case .binary:
            // The client chooses the type; who reads JSON or XML may not look at it.
            guard let kind = Self.kindByContent(body) else { return }
            self.inspectText(body, kind)
        }
    }

    /// A text in whatever encoding its reader would find it to be.
    private mutating func inspectText(_ body: Span<UInt8>, _ kind: MediaType.Kind) {
        let (encoding, markCount) = TextEncoding.find(in: body)
        let content = body.extracting(markCount..<body.count)
        // A mark before JSON in UTF-8 is for its reader to find odd (RFC 8259 §8.1).
        if case .utf8 = encoding {
            return self.inspectDecoded(kind == .json ? body : content, kind)
        }
        let text = encoding.text(of: content)
        self.inspectDecoded(text.span, kind)
    }

    private mutating func inspectDecoded(_ body: Span<UInt8>, _ kind: MediaType.Kind) {
        switch kind {
        case .json: self.inspectJSON(body)
        case .xml: self.inspectXML(body)
        // What has zero bytes and is not said to be a text is none.
        case .unknown where body.index(of: 0, from: 0, before: min(body.count, 512)) != nil: return
        default: self.inspectPlain(body)
        }
    }

    /// What begins as JSON or XML does; nothing binary begins so.
    private static func kindByContent(_ body: Span<UInt8>) -> MediaType.Kind? {
        let (encoding, markCount) = TextEncoding.find(in: body)
        let head = body.extracting(markCount..<min(body.count, markCount + 256))
        let text = encoding.text(of: head)
        let start = text.span.skippingBlanks(from: 0)
        guard start < text.count else { return nil }
        if text[start] == UInt8(ascii: "{") || text[start] == UInt8(ascii: "[") {
            return text.contains(0) ? nil : .json
        }
        return text.span.holds("<?xml", at: start) ? .xml : nil
    }

    /// Whether a content type says one thing, in one way.
    mutating func checkContentType(_ value: Span<UInt8>) {
        let type = MediaType(value)
        if type.kind == .malformed || type.isAmbiguous {
            self.add(.ambiguousContentType, in: .message, named: Span())
        }
        if type.hasUnknownCharset { self.add(.ambiguousCharset, in: .message, named: Span()) }
    }

    /// Text as a whole.
    private mutating func inspectPlain(_ body: Span<UInt8>) {
        self.inspect(body, encoding: .none, part: .body, name: Span())
    }

    private mutating func inspectJSON(_ body: Span<UInt8>) {
        var reader = JSONReader(depthMax: self.settings.limits.depthMax)
        var name = 0..<0
        var buffer: [UInt8] = []
        while true {
            switch reader.next(body) {
            case .name(let range, let hasEscapes):
                name = range
                self.inspectJSON(
                    body, range, hasEscapes, .jsonName, name: range, buffer: &buffer)
            case .text(let range, let hasEscapes):
                self.inspectJSON(
                    body, range, hasEscapes, .jsonValue, name: name, buffer: &buffer)
            case .end: return
            case .failed(let place):
                self.add(.ambiguousJSON, in: .message, named: Span())
                let start = min(max(place, 0), body.count)
                self.inspectPlain(body.extracting(start..<body.count))
                return
            }
            if self.report.valueCount >= self.settings.limits.valueCountMax {
                return self.add(.ambiguousTooMany, in: .message, named: Span())
            }
        }
    }

    private mutating func inspectJSON(
        _ body: Span<UInt8>, _ range: Range<Int>, _ hasEscapes: Bool, _ part: RequestPart,
        name: Range<Int>, buffer: inout [UInt8]
    ) {
        let name = body.extracting(name)
        if hasEscapes {
            JSONReader.unescape(body, range, into: &buffer)
            self.inspect(buffer.span, encoding: .none, part: part, name: name)
        } else {
            self.inspect(body.extracting(range), encoding: .none, part: part, name: name)
        }
    }

    private mutating func inspectXML(_ body: Span<UInt8>) {
        var reader = XMLReader(depthMax: self.settings.limits.depthMax)
        while true {
            switch reader.next(body) {
            case .text(let range), .documentType(let range):
                self.inspect(
                    body.extracting(range), encoding: .none, part: .xmlText, name: Span())
            case .attribute(let name, let value):
                self.inspect(
                    body.extracting(value), encoding: .none, part: .xmlText,
                    name: body.extracting(name))
            case .end: return
            case .failed(let place):
                self.add(.ambiguousXML, in: .message, named: Span())
                let start = min(max(place, 0), body.count)
                self.inspectPlain(body.extracting(start..<body.count))
                return
            }
            if self.report.valueCount >= self.settings.limits.valueCountMax {
                return self.add(.ambiguousTooMany, in: .message, named: Span())
            }
        }
    }

    private mutating func inspectMultipart(
        _ body: Span<UInt8>, _ contentType: Span<UInt8>, _ boundary: Range<Int>
    ) {
        var reader = MultipartReader(boundary: boundary)
        while case .part(let part) = reader.next(body, contentType: contentType) {
            self.inspectPart(body, part)
            if self.report.valueCount >= self.settings.limits.valueCountMax {
                return self.add(.ambiguousTooMany, in: .message, named: Span())
            }
        }
        if reader.isAmbiguous { self.add(.ambiguousMultipart, in: .message, named: Span()) }
    }

    private mutating func inspectPart(_ body: Span<UInt8>, _ part: MultipartReader.Part) {
        let nameRange = part.name ?? 0..<0
        let name = body.extracting(nameRange)
        self.inspectPartName(body, nameRange, as: .multipartName, name: name)
        if let fileName = part.extendedFileName, !fileName.isEmpty {
            self.inspectPartName(body, fileName, as: .fileName, name: name)
        }
        // Without a name it is no file: some readers take it for a value.
        if let fileName = part.fileName, !fileName.isEmpty {
            self.inspectPartName(body, fileName, as: .fileName, name: name)
        } else {
            self.inspect(
                body.extracting(part.content), encoding: .none, part: .multipartValue, name: name)
        }
        if let type = part.contentType {
            self.inspect(body.extracting(type), encoding: .none, part: .message, name: name)
        }
    }

    private mutating func inspectPartName(
        _ body: Span<UInt8>, _ range: Range<Int>, as part: RequestPart, name: Span<UInt8>
    ) {
        let value = body.extracting(range)
        self.inspect(value, encoding: .percent, part: part, name: name)
        for index in value.indices
        where Self.isOdd(value, index) || (part == .multipartName && value[index] == 0x27) {
            return self.add(.ambiguousMultipartName, in: part, named: name)
        }
    }

    /// Quotes and semicolons, unless they end a character reference as browsers send it.
    private static func isOdd(_ value: Span<UInt8>, _ index: Int) -> Bool {
        switch value[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return true
        case UInt8(ascii: ";"):
            var start = index
            while start > 0, index - start < 12,
                TextByte.isWord(value[start - 1]) || value[start - 1] == UInt8(ascii: "#")
            {
                start -= 1
            }
            return start == index || value.at(start - 1) != UInt8(ascii: "&")
        default: return false
        }
    }
}
