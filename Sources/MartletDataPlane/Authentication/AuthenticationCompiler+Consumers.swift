import MartletConfig
import MartletJSON
import MartletSecurity

/// Consumers and what they prove themselves with: keys, passwords, signing keys, certificates.
extension AuthenticationCompiler {
    mutating func addConsumers() {
        for (row, config) in self.document.consumers.enumerated() {
            var metadata: [String: [UInt8]] = [:]
            for entry in config.metadata { metadata[entry.name] = Array(entry.value.utf8) }
            let consumer = ConsumerPlan(
                name: Array(config.name.utf8),
                groups: self.tables.groupNames.set(of: config.groups),
                groupText: Array(config.groups.joined(separator: ",").utf8), metadata: metadata)
            self.tables.consumers.append(consumer)
            self.addKeys(config, Int32(row), consumer)
            self.addPasswords(config, Int32(row), consumer)
            self.addSigningKeys(config, Int32(row), consumer)
            for name in config.certificates {
                let known = self.tables.certificates.updateValue(
                    Int32(row), forKey: Array(name.utf8))
                guard let known, known != Int32(row) else { continue }
                self.add(
                    at: config.source, "consumers.\(config.name).certificates",
                    "the certificate `\(name)` is another consumer's too")
            }
        }
    }

    private func identity(
        _ row: Int32, _ consumer: ConsumerPlan, scopes: [String], credential: String
    ) -> Identity {
        var identity = Identity()
        identity.consumer = row
        identity.groups = consumer.groups
        identity.scopes = self.tables.scopeNames.set(of: scopes)
        identity.ownTexts = IdentityTexts(
            credential: Array(credential.utf8), groups: consumer.groupText,
            scopes: Array(scopes.joined(separator: " ").utf8))
        return identity
    }

    private mutating func addKeys(
        _ config: ConsumerConfig, _ row: Int32, _ consumer: ConsumerPlan
    ) {
        let path = "consumers.\(config.name).api-keys"
        for key in config.apiKeys {
            guard let hash = APIKeyHash(text: key.hash) else {
                self.add(
                    at: key.source, path, "this is no hash of an API key",
                    hint: "`martlet keys create` prints one: `hmac-sha256:` and 64 digits")
                continue
            }
            if self.tables.hasher == nil {
                self.add(
                    at: key.source, path,
                    "there are API keys, but no secret that they are hashed with",
                    hint: "give `authentication.key-secret`")
                return
            }
            if let start = key.notBefore, let end = key.expires, start >= end {
                self.add(at: key.source, path, "this key expires before it begins")
            }
            let identity = self.identity(
                row, consumer, scopes: key.scopes, credential: key.name)
            let rights = APIKeyRights(
                groups: identity.groups, scopes: identity.scopes,
                notBefore: key.notBefore ?? .min, expiry: key.expires ?? .max)
            self.keyHashes.append(hash)
            self.keySources.append(key.source)
            self.tables.keys.append(APIKeyPlan(consumer: row, rights: self.row(of: rights)))
            self.tables.keyTexts.append(identity.ownTexts ?? IdentityTexts())
        }
    }

    private mutating func row(of rights: APIKeyRights) -> Int32 {
        if let known = self.keyRightRows[rights] { return known }
        let row = Int32(clamping: self.tables.keyRights.count)
        self.tables.keyRights.append(rights)
        self.keyRightRows[rights] = row
        return row
    }

    mutating func addKeyTable() {
        do throws(APIKeyTable.Failure) {
            self.tables.keyTable = try APIKeyTable(self.keyHashes)
        } catch {
            guard case .duplicate(let first, let second) = error else { return }
            self.diagnostics.append(
                Diagnostic(
                    .error, at: self.keySources[second], path: "consumers",
                    "this API key is given twice", hint: "a key belongs to one consumer",
                    related: self.keySources[first]))
        }
    }

    private mutating func addPasswords(
        _ config: ConsumerConfig, _ row: Int32, _ consumer: ConsumerPlan
    ) {
        let path = "consumers.\(config.name).passwords"
        for password in config.passwords {
            do throws(PasswordHash.Problem) {
                let hash = try PasswordHash(password.hash)
                if hash.isWeak {
                    self.add(
                        .warning, at: password.source, path,
                        "this hash is cheap to guess the password from",
                        hint: "bcrypt from cost 10, or Argon2id from 19 MiB and 2 passes")
                }
                let plan = PasswordPlan(
                    hash: hash,
                    identity: self.identity(
                        row, consumer, scopes: password.scopes, credential: password.user))
                guard
                    self.tables.passwords.updateValue(plan, forKey: Array(password.user.utf8))
                        != nil
                else { continue }
                self.add(
                    at: password.source, path, "there are two users named `\(password.user)`")
            } catch {
                self.add(
                    at: password.source, path,
                    error == .tooCostly
                        ? "checking this hash would take too long" : "this is no password's hash",
                    hint: "bcrypt up to cost 15, yescrypt, or Argon2id up to 256 MiB; "
                        + "`htpasswd -nbB` and `argon2` make them")
            }
        }
    }

    private mutating func addSigningKeys(
        _ config: ConsumerConfig, _ row: Int32, _ consumer: ConsumerPlan
    ) {
        let path = "consumers.\(config.name).signing-keys"
        for key in config.signingKeys {
            guard let material = Self.material(key),
                let signing = SigningKey(material, algorithm: key.algorithm)
            else {
                self.add(
                    at: key.source, path, "this key cannot be used for `\(key.algorithm)`",
                    hint: "a JSON Web Key of the algorithm's kind, RSA from 2048 bits")
                continue
            }
            let plan = SigningKeyPlan(
                key: signing,
                identity: self.identity(
                    row, consumer, scopes: key.scopes, credential: key.identifier))
            let known = self.tables.signingKeys.updateValue(plan, forKey: key.identifier)
            guard known != nil else { continue }
            self.add(at: key.source, path, "there are two signing keys named `\(key.identifier)`")
        }
    }

    private static func material(_ config: SigningKeyConfig) -> VerificationKey? {
        switch config.material {
        case .none: return nil
        case .secret(let secret): return .secret(Array(secret.text.utf8))
        case .publicKey(let file):
            guard let document = try? JSONDocument(Array(file.text.utf8).span),
                let key = try? VerificationKey(document, 0)
            else { return nil }
            return key
        }
    }
}
