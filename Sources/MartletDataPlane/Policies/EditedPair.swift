import MartletConfig

/// A name that goes on under another one, in a query or among cookies.
struct RenamedPair: Sendable {
    let from: [UInt8]
    /// As it is written, encoded.
    let to: [UInt8]
    /// As it compares, decoded.
    let toName: [UInt8]

    init(_ config: HeaderValueConfig, encoding: ValueEncoding) throws(InvalidPolicy) {
        guard !config.name.isEmpty, !config.value.isEmpty, config.name != config.value else {
            throw InvalidPolicy("`\(config.name)` cannot be renamed to `\(config.value)`")
        }
        self.from = Array(config.name.utf8)
        self.to = try encoding.literal(config.value)
        self.toName = Array(config.value.utf8)
    }
}

/// A name with the value it gets, in a query or among cookies.
struct EditedPair: Sendable {
    let name: [UInt8]
    /// The name as it is written, and `=`.
    let prefix: [UInt8]
    let value: ValueTemplate

    init(
        _ config: HeaderValueConfig, captureNames: [String], encoding: ValueEncoding
    ) throws(InvalidPolicy) {
        guard !config.name.isEmpty else { throw InvalidPolicy("a name is empty") }
        self.name = Array(config.name.utf8)
        self.prefix = try encoding.literal(config.name) + [UInt8(ascii: "=")]
        self.value = try ValueTemplate.compile(
            config.value, captureNames: captureNames, encoding: encoding)
    }
}
