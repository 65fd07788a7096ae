import MartletAlgorithms
import MartletConfig
import MartletSecurity

/// Everybody who may call and how they show it, compiled: the one table of consumers that the data
/// plane knows, wherever they come from.
///
/// Immutable and shared by all workers. A plan whose callers are those of the one before keeps its
/// object, and with it what workers have cached.
package final class AuthenticationPlan: Sendable {
    /// What it was compiled from.
    let config: AuthenticationConfig
    let consumerConfigs: [ConsumerConfig]
    let rules: AuthenticationRules
    /// Tells this plan from those before it.
    let epoch: UInt64

    package let consumers: [ConsumerPlan]
    /// The same names, close together.
    let consumerNames: PackedTexts
    package let issuers: [IssuerPlan]
    let logins: [LoginPlan]
    let hasher: APIKeyHasher?
    let keyTable: APIKeyTable
    let keys: ContiguousArray<APIKeyPlan>
    let keyRights: ContiguousArray<APIKeyRights>
    /// Of the same rows.
    let keyTexts: [IdentityTexts]
    /// What logs show of the same rows.
    let keyNames: PackedTexts
    let passwords: [[UInt8]: PasswordPlan]
    let certificates: [[UInt8]: Int32]
    let signingKeys: [String: SigningKeyPlan]
    /// Signatures that were taken, so that none is taken twice.
    let replays: SharedLimit?
    /// Sessions that a logout has ended before their time.
    let endedSessions: SharedLimit?
    let groupNames: NameTable
    let scopeNames: NameTable
    /// Claims that templates show.
    let claimPlaces: [ClaimPlace]
    /// Claims that branches ask for, at most 64.
    let claimRules: [ClaimRule]
    let lockout: Lockout?
    /// Of the hashes by which cached credentials are found.
    let secret: HashSecret
    /// Names of fields that clients cannot send.
    let identityHeaders: [[UInt8]]
    /// A bit for each length, modulo 64, that such a name has.
    let identityHeaderLengths: UInt64

    init(
        _ tables: AuthenticationTables, epoch: UInt64, secret: HashSecret, lockout: Lockout?,
        replays: SharedLimit?, endedSessions: SharedLimit?
    ) {
        self.config = tables.config
        self.consumerConfigs = tables.consumerConfigs
        self.rules = tables.rules
        self.epoch = epoch
        self.consumers = tables.consumers
        self.consumerNames = PackedTexts(tables.consumers.map(\.name))
        self.issuers = tables.issuers
        self.logins = tables.logins
        self.hasher = tables.hasher
        self.keyTable = tables.keyTable
        self.keys = tables.keys
        self.keyRights = tables.keyRights
        self.keyTexts = tables.keyTexts
        self.keyNames = PackedTexts(tables.keyTexts.map(\.credential))
        self.passwords = tables.passwords
        self.decoyPassword = tables.passwords.values.max {
            $0.hash.estimatedWork < $1.hash.estimatedWork
        }
        self.certificates = tables.certificates
        self.signingKeys = tables.signingKeys
        self.replays = replays
        self.endedSessions = endedSessions
        self.groupNames = tables.groupNames
        self.scopeNames = tables.scopeNames
        self.claimPlaces = tables.rules.claimPlaces
        self.claimRules = tables.rules.claimRules
        self.lockout = lockout
        self.secret = secret
        self.identityHeaders = tables.config.identityHeaders.map { Array($0.name.utf8) }
        self.identityHeaderLengths = self.identityHeaders.reduce(0) {
            $0 | 1 << UInt64($1.count & 63)
        }
    }

    /// Tokens and passwords are worth remembering; API keys are looked up as fast.
    var hasCacheableCredentials: Bool { !self.issuers.isEmpty || !self.passwords.isEmpty }

    /// Checked for user names that nobody has, so that time does not tell them from others.
    ///
    /// The dearest, so that a name takes no longer than none; a cheaper hash still shows itself.
    let decoyPassword: PasswordPlan?

    /// Whether a logout has ended a session.
    ///
    /// - `session`: the hash of its cookie, as for everything that workers remember.
    func hasEnded(session: UInt64, at time: LimitTime) -> Bool {
        guard let ended = self.endedSessions else { return false }
        return !ended.standing(session, cost: 1, at: time).isAllowed
    }

    func end(session: UInt64, at time: LimitTime) {
        _ = self.endedSessions?.take(session, cost: 1, at: time)
    }

    /// Whom a key is of, and what it allows.
    ///
    /// - `row`: of `keys`.
    /// - `rights`: the key's.
    func identity(ofKey row: Int, _ rights: APIKeyRights) -> Identity {
        var identity = Identity()
        identity.consumer = self.keys[row].consumer
        identity.groups = rights.groups
        identity.scopes = rights.scopes
        identity.expiry = rights.expiry
        identity.apiKey = Int32(truncatingIfNeeded: row)
        return identity
    }

    /// An identity of a consumer and nothing else.
    func identity(of consumer: Int32) -> Identity {
        var identity = Identity()
        identity.consumer = consumer
        if consumer >= 0 { identity.groups = self.consumers[Int(consumer)].groups }
        return identity
    }
}

/// A user's password, compiled.
struct PasswordPlan: Sendable {
    let hash: PasswordHash
    let identity: Identity
}

/// A key that requests are signed with, compiled.
struct SigningKeyPlan: Sendable {
    let key: SigningKey
    let identity: Identity
}

/// Which names the routes' rules and templates ask for.
struct AuthenticationRules: Sendable, Equatable {
    var groups: [String] = []
    var scopes: [String] = []
    var claimPlaces: [ClaimPlace] = []
    var claimRules: [ClaimRule] = []
    /// Some route believes an external server for a while.
    var cachesExternally = false
}

/// The tables of a plan while they are made.
struct AuthenticationTables: Sendable {
    let config: AuthenticationConfig
    let consumerConfigs: [ConsumerConfig]
    let rules: AuthenticationRules
    var consumers: [ConsumerPlan] = []
    var issuers: [IssuerPlan] = []
    var logins: [LoginPlan] = []
    var hasher: APIKeyHasher?
    var keyTable: APIKeyTable
    var keys: ContiguousArray<APIKeyPlan> = []
    var keyRights: ContiguousArray<APIKeyRights> = []
    var keyTexts: [IdentityTexts] = []
    var passwords: [[UInt8]: PasswordPlan] = [:]
    var certificates: [[UInt8]: Int32] = [:]
    var signingKeys: [String: SigningKeyPlan] = [:]
    var groupNames = NameTable()
    var scopeNames = NameTable()
}
