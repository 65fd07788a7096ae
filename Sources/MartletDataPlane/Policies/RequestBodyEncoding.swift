import MartletHTTP

/// Whether a body is what it says it is, or has to be decoded first.
enum RequestBodyEncoding {
    /// `Content-Encoding` other than `identity` (RFC 9110 §8.4): its bytes are not those that the
    /// upstream will read.
    static func isEncoded(_ headers: borrowing HeaderList) -> Bool {
        for index in headers.fields.indices where headers.fields[index].known == .contentEncoding {
            let field = headers.fields[index]
            if !field.isRemoved, !headers.isValue(field.value, "identity") { return true }
        }
        return false
    }
}
