/// One consumer, compiled.
package struct ConsumerPlan: Sendable {
    package let name: [UInt8]
    let groups: NameSet
    /// Their names with commas between, for headers.
    let groupText: [UInt8]
    let metadata: [String: [UInt8]]
}

/// One API key, compiled: eight bytes, so that those of many keys stay in a cache.
struct APIKeyPlan: Sendable, BitwiseCopyable {
    let consumer: Int32
    /// Row of the plan's `keyRights`.
    let rights: Int32
}

/// What a key allows and when, which is the same for most.
struct APIKeyRights: Sendable, BitwiseCopyable, Hashable {
    let groups: NameSet
    let scopes: NameSet
    /// Seconds since 1970.
    let notBefore: Int64
    let expiry: Int64
}
