/// Somebody who calls: a name under which all its credentials are known.
package struct ConsumerConfig: Sendable, Equatable {
    package var name = ""
    package var source = SourceLocation.unknown
    package var groups: [String] = []
    /// Free texts, for headers and logs.
    package var metadata: [HeaderValueConfig] = []
    package var apiKeys: [APIKeyConfig] = []
    package var passwords: [PasswordConfig] = []
    /// Whose tokens are this consumer's.
    package var subjects: [TokenSubjectConfig] = []
    /// What its requests are signed with (RFC 9421).
    package var signingKeys: [SigningKeyConfig] = []
    /// `dns:…`, `uri:…`, `email:…`, `ip:…`, `subject:…` or `sha256:…` of client certificates.
    package var certificates: [String] = []

    package init() {}
}

/// An API key, of which only the hash is kept.
package struct APIKeyConfig: Sendable, Equatable {
    package var source = SourceLocation.unknown
    /// The part that may be shown.
    package var name = ""
    /// `hmac-sha256:` and 64 hexadecimal digits.
    package var hash = ""
    package var scopes: [String] = []
    /// Seconds since 1970.
    package var notBefore: Int64?
    package var expires: Int64?

    package init() {}
}

/// A user name with the hash of its password.
package struct PasswordConfig: Sendable, Equatable {
    package var source = SourceLocation.unknown
    package var user = ""
    /// bcrypt, yescrypt or Argon2id.
    package var hash = ""
    package var scopes: [String] = []

    package init() {}
}

/// A key that requests are signed with.
package struct SigningKeyConfig: Sendable, Equatable {
    package enum Material: Sendable, Equatable {
        case secret(SecretTextConfig)
        /// A public key as a JSON Web Key.
        case publicKey(FileTextConfig)
    }

    package var source = SourceLocation.unknown
    /// What `keyid` says.
    package var identifier = ""
    package var algorithm = "hmac-sha256"
    package var material: Material?
    package var scopes: [String] = []

    package init() {}
}

/// What a token of an issuer says of its subject.
package struct TokenSubjectConfig: Sendable, Equatable {
    package var source = SourceLocation.unknown
    package var issuer = ""
    package var subject = ""

    package init() {}
}
