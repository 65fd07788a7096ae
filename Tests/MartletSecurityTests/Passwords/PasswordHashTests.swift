import MartletSecurity
import Testing

@Suite struct PasswordHashTests {
    /// Of Openwall's crypt_blowfish and of the Argon2 reference code.
    @Test(arguments: [
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
        (
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                + "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"
        ),
    ])
    func vectors(text: String, password: String) throws {
        let hash = try PasswordHash(text)
        #expect(hash.verifies(Array(password.utf8)))
        #expect(!hash.verifies(Array((password + "x").utf8)))
        #expect(!hash.verifies([]))
        #expect(!hash.verifies(Array(password.utf8) + [0]))
    }

    @Test(arguments: [
        "", "x", "plain text", "$1$salt$hash", "$2b$10$tooshort", "$2x$10$",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$aaaa", "$argon2id$m=65536,t=2,p=1$c29t$aa",
        "$argon2id$v=19$m=65536,t=2$c29t$aaaa", "$argon2id$v=19$t=2,m=65536,p=1$c29t$aaaa",
        "$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe\n",
    ])
    func refused(text: String) {
        #expect(throws: PasswordHash.Problem.unknown) { try PasswordHash(text) }
    }

    @Test(arguments: [
        "$2b$16$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$aaaa",
        "$argon2id$v=19$m=65536,t=100,p=1$c29tZXNhbHQ$aaaa",
    ])
    func tooCostly(text: String) {
        #expect(throws: PasswordHash.Problem.tooCostly) { try PasswordHash(text) }
    }

    /// bcrypt would take two passwords for one.
    @Test func longPasswordsAreNotCut() throws {
        let hash = try PasswordHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
        #expect(!hash.verifies([UInt8](repeating: 0x61, count: 73)))
    }

    @Test func weakness() throws {
        #expect(
            try PasswordHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW").isWeak)
        #expect(
            try !PasswordHash("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aaaa").isWeak)
    }
}
