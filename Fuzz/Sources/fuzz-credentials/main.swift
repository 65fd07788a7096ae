import FuzzDriver
import MartletSecurity

// Authorization: what is taken lies within the value and has one spelling.
unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let value = unsafe buffer.span
    _ = APIKeyText.isDamaged(value)
    _ = APIKeyText.display(of: value)
    guard let field = AuthorizationField(value) else { return 0 }
    precondition(!field.credentials.isEmpty && field.credentials.upperBound == value.count)
    let text = value.extracting(field.credentials)
    for index in text.indices { precondition(text[index] >= 0x20 && text[index] < 0x7f) }
    guard field.scheme == .basic, let basic = BasicCredentials(text) else { return 0 }
    precondition(!basic.userName.contains(UInt8(ascii: ":")), "a colon in a name")
    let pair = basic.userName + [UInt8(ascii: ":")] + basic.password
    precondition(Base64Text.encode(pair.span, .standard) == text.copy, "another spelling")
    return 0
}
