import MartletJSON
import MartletSecurity

/// One issuer of tokens, compiled: what its tokens have to be, and what they say of the caller.
///
/// Immutable; an object, so that a token's check copies none of it.
package final class IssuerPlan: Sendable {
    package let name: String
    let issuer: TokenIssuer
    /// Keys that are in the configuration; `nil` if they are fetched.
    let keys: KeySet?
    package let source: KeySource?
    /// Set if the issuer is asked about each token; then it has no keys.
    let introspection: IntrospectionPlan?
    let subject: ClaimPlace
    let scopes: [ClaimPlace]
    let group: ClaimPlace?
    let consumers: [[UInt8]: Int32]
    let defaultConsumer: Int32

    init(
        name: String, issuer: TokenIssuer, keys: KeySet?, source: KeySource?,
        introspection: IntrospectionPlan?, subject: ClaimPlace, scopes: [ClaimPlace],
        group: ClaimPlace?, consumers: [[UInt8]: Int32], defaultConsumer: Int32
    ) {
        self.name = name
        self.issuer = issuer
        self.keys = keys
        self.source = source
        self.introspection = introspection
        self.subject = subject
        self.scopes = scopes
        self.group = group
        self.consumers = consumers
        self.defaultConsumer = defaultConsumer
    }

    /// Where keys are fetched, and how often.
    package struct KeySource: Sendable, Equatable {
        package let url: String
        package let interval: Duration
        package let timeout: Duration
        package let unknownKeyInterval: Duration
    }

    /// The consumer whose token it is, if it is one's.
    func consumer(of subject: [UInt8]) -> Int32 {
        self.consumers[subject] ?? self.defaultConsumer
    }
}

/// One issuer's keys as one worker knows them.
///
/// Confined to its loop; shared by the worker's generations as long as the source stays the same,
/// so that keys that arrive serve exchanges of all of them.
package final class IssuerKeys {
    let name: String
    let source: IssuerPlan.KeySource?
    var keys: KeySet?
    /// No other fetch because of an unknown `kid` is asked for before this tick.
    var unknownKeyTick: UInt64 = 0

    init(name: String, source: IssuerPlan.KeySource?, keys: KeySet?) {
        self.name = name
        self.source = source
        self.keys = keys
    }
}
