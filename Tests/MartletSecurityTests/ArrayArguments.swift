import MartletSecurity

/// The same functions on arrays: expectations cannot take spans.
extension Base64Text {
    static func decode(_ text: [UInt8], _ form: Form) -> [UInt8]? { self.decode(text.span, form) }
    static func encode(_ bytes: [UInt8], _ form: Form) -> [UInt8] { self.encode(bytes.span, form) }
}

extension Hexadecimal {
    static func decode(_ text: [UInt8]) -> [UInt8]? { self.decode(text.span) }
}

extension FormText {
    static func encode(_ bytes: [UInt8]) -> String { self.encode(bytes.span) }
}

extension ConstantTime {
    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        self.isEqual(left.span, right.span)
    }
}

extension APIKeyText {
    static func isDamaged(_ text: [UInt8]) -> Bool { self.isDamaged(text.span) }
    static func display(of text: [UInt8]) -> String { self.display(of: text.span) }
}

extension APIKeyHasher {
    func hash(_ key: [UInt8]) -> APIKeyHash { self.hash(key.span) }
}

extension BasicCredentials {
    init?(_ text: [UInt8]) { self.init(text.span) }
}
