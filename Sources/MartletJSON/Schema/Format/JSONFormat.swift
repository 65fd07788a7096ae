/// The formats of JSON Schema 2020-12 (validation §7.3), each checked by its RFC.
///
/// Pure functions of bytes that are UTF-8; time is linear in the text.
package enum JSONFormat: String, Sendable, CaseIterable {
    case dateTime = "date-time"
    case date, time, duration
    case email
    case idnEmail = "idn-email"
    case hostname
    case idnHostname = "idn-hostname"
    case ipv4, ipv6
    case uri
    case uriReference = "uri-reference"
    case iri
    case iriReference = "iri-reference"
    case uuid
    case uriTemplate = "uri-template"
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex

    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    init(index: UInt32) {
        let all = Self.allCases
        self = Int(index) < all.count ? all[Int(index)] : .regex
    }

    package func matches(_ text: Span<UInt8>) -> Bool {
        switch self {
        case .dateTime: FormatTime.isDateTime(text)
        case .date: FormatTime.isDate(text)
        case .time: FormatTime.isTime(text)
        case .duration: FormatTime.isDuration(text)
        case .email: FormatName.isMailbox(text, allowsUnicode: false)
        case .idnEmail: FormatName.isMailbox(text, allowsUnicode: true)
        case .hostname: FormatName.isHostname(text, allowsUnicode: false)
        case .idnHostname: FormatName.isHostname(text, allowsUnicode: true)
        case .ipv4: FormatAddress.isIPv4(text)
        case .ipv6: FormatAddress.isIPv6(text)
        case .uri: FormatURI.isURI(text, allowsUnicode: false)
        case .uriReference: FormatURI.isReference(text, allowsUnicode: false)
        case .iri: FormatURI.isURI(text, allowsUnicode: true)
        case .iriReference: FormatURI.isReference(text, allowsUnicode: true)
        case .uuid: FormatAddress.isUUID(text)
        case .uriTemplate: FormatURI.isTemplate(text)
        case .jsonPointer: FormatPointer.isPointer(text)
        case .relativeJSONPointer: FormatPointer.isRelative(text)
        case .regex: FormatPointer.isExpression(text)
        }
    }
}

extension UInt8 {
    var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    var isASCIILetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
    var isHexadecimalDigit: Bool { self.isASCIIDigit || (self | 0x20) &- UInt8(ascii: "a") < 6 }
}
