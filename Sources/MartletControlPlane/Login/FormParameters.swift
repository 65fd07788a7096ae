import MartletSecurity

/// Names and values of a query or a form (`application/x-www-form-urlencoded`).
struct FormParameters {
    private let pairs: [(name: String, value: String)]

    /// More than this nobody has a reason to send.
    private static let countMax = 64

    init(_ text: [UInt8]) {
        self.pairs = text.split(separator: UInt8(ascii: "&")).prefix(Self.countMax).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (
                name: Self.decode(pair[..<equals]),
                value: Self.decode(pair[equals...].dropFirst())
            )
        }
    }

    /// `nil` if it is not there, or there twice.
    subscript(name: String) -> String? {
        let found = self.pairs.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }

    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { name, value in
            FormText.encode(Array(name.utf8).span) + "=" + FormText.encode(Array(value.utf8).span)
        }.joined(separator: "&")
    }

    private static func decode(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                if let decoded = Hexadecimal.decode(Array(rest.prefix(2)).span), decoded.count == 1
                {
                    bytes += decoded
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
