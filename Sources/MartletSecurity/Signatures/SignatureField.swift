/// How a scheme of signed requests writes its codes into a field: one behind a prefix,
/// `sha256=9a0b…`, or pairs with commas between, `t=1700000000,v1=9a0b…,v1=77ff…`.
///
/// Bounded by `byteCountMax` and `codeCountMax`.
package struct SignatureField: Sendable {
    package enum Encoding: Sendable, BitwiseCopyable {
        case hexadecimal, base64, base64URL
    }

    /// The names of the pairs that count; others are passed over.
    package struct Pairs: Sendable {
        package let signature: [UInt8]
        package let timestamp: [UInt8]?

        package init(signature: [UInt8], timestamp: [UInt8]?) {
            self.signature = signature
            self.timestamp = timestamp
        }
    }

    package struct Content: Sendable, Equatable {
        /// One or more: while a secret is replaced by another, a sender signs with both.
        package internal(set) var codes: [[UInt8]] = []
        package internal(set) var timestamp: [UInt8]?
    }

    package static let byteCountMax = 4096
    package static let codeCountMax = 8

    private let prefix: [UInt8]
    private let encoding: Encoding
    private let pairs: Pairs?

    package init(prefix: [UInt8], encoding: Encoding, pairs: Pairs?) {
        self.prefix = prefix
        self.encoding = encoding
        self.pairs = pairs
    }

    package func content(of value: [UInt8]) throws(SignatureRefusal) -> Content {
        guard value.count <= Self.byteCountMax else { throw .malformed }
        var content = Content()
        guard let pairs = self.pairs else {
            content.codes = [try self.code(value[...])]
            return content
        }
        for element in value.split(separator: UInt8(ascii: ",")) {
            let pair = Self.trimmed(element)
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { throw .malformed }
            let (name, text) = (pair[..<equals], pair[(equals + 1)...])
            if name.elementsEqual(pairs.signature) {
                guard content.codes.count < Self.codeCountMax else { throw .tooMany }
                content.codes.append(try self.code(text))
            } else if let timestamp = pairs.timestamp, name.elementsEqual(timestamp) {
                guard content.timestamp == nil else { throw .malformed }
                content.timestamp = Array(text)
            }
        }
        guard !content.codes.isEmpty else { throw .malformed }
        return content
    }

    private func code(_ text: ArraySlice<UInt8>) throws(SignatureRefusal) -> [UInt8] {
        guard text.starts(with: self.prefix) else { throw .malformed }
        let digits = Array(text.dropFirst(self.prefix.count))
        let code =
            switch self.encoding {
            case .hexadecimal: Hexadecimal.decode(digits.span)
            case .base64: Base64Text.decode(digits.span, .standard)
            case .base64URL: Base64Text.decode(digits.span, .url)
            }
        guard let code, !code.isEmpty else { throw .malformed }
        return code
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let start = text.drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex
        return start[..<end]
    }
}
