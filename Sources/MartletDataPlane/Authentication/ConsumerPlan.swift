/// One consumer, compiled.
package struct ConsumerPlan: Sendable {
    package let name: [UInt8]
    let groups: NameSet
    /// Their names with commas between, for headers.
    let groupText: [UInt8]
    let metadata: [String: [UInt8]]
}

/// One API key, compiled.
struct APIKeyPlan: Sendable {
    let identity: Identity
    let notBefore: Int64
}
