import Crypto
import Foundation
import MartletDataPlane
import MartletSecurity
import MartletTestSupport
import NIOCore
import Testing

/// Who calls, by a worker in virtual time whose calls to others the test answers.
@Suite struct AuthenticationPolicyTests {
    static let secret = "0123456789abcdef0123456789abcdef"
    static let bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"

    static func hash(_ key: String) -> String {
        APIKeyHasher(secret: Array(Self.secret.utf8))?.hash(Array(key.utf8).span).text ?? ""
    }

    static func config(_ policy: String, _ more: String = "") -> String {
        """
        listeners: { public: ":0" }
        upstreams: { origin: http://127.0.0.1:9001, other: http://127.0.0.1:9002 }
        authentication:
          key-secret: \(Self.secret)
          default: all
          policies: { all: \(policy) }
          issuers:
            fetched: { issuer: me, audiences: api, jwks-url: "http://127.0.0.1:1/", unknown-key-interval: 10s }
            shared: { issuer: shared, audiences: api, secret: \(Self.secret) }
        \(more)
        consumers:
          acme:
            groups: [gold]
            api-keys: ["\(Self.hash("key-1"))"]
            passwords: [{ user: U, hash: "\(Self.bcrypt)" }]
            subjects: [{ issuer: shared, subject: alice }]
          hooli: { api-keys: ["\(Self.hash("key-2"))"] }
          guest: {}
        routes: [{ match: { prefix: / }, upstream: origin }]
        """
    }

    private func request(_ fields: [String]) -> String {
        "GET /a HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private func status(_ client: SimulatedChannel) -> Int? {
        var reader = MessageReader()
        reader.take(client.takeReceived())
        return reader.messages.first.flatMap(\.status)
    }

    /// The answer to one request, if Martlet gives it; `nil` if the upstream is dialled.
    private func answer(_ policy: String, _ fields: [String]) throws -> Int? {
        let simulation = try SimulatedWorker(Self.config(policy))
        let client = try simulation.connectClient()
        client.peerSends(self.request(fields))
        let status = self.status(client)
        #expect((simulation.connector.dialCount == 1) == (status == nil))
        return status
    }

    static func token(_ claims: String, secret: String = Self.secret) -> String {
        func encode(_ text: String) -> String {
            String(decoding: Base64Text.encode(Array(text.utf8).span, .url), as: UTF8.self)
        }
        let input = encode(#"{"alg":"HS256"}"#) + "." + encode(claims)
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(input.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return input + "."
            + String(decoding: Base64Text.encode(Array(code).span, .url), as: UTF8.self)
    }

    static let good = Self.token(#"{"iss":"shared","aud":"api","sub":"alice","exp":99999999999}"#)
    static let stranger = Self.token(#"{"iss":"shared","aud":"api","sub":"bob","exp":99999999999}"#)

    @Test(
        arguments: [
            ("[api-key]", ["x-api-key: key-1"], Int?.none), ("[api-key]", [], 401),
            ("[api-key]", ["x-api-key: key-3"], 401),
            ("[api-key]", ["x-api-key: key-1", "x-api-key: key-1"], 401),
            ("[api-key]", ["x-api-key: "], 401),
            ("[jwt]", ["authorization: Bearer \(Self.good)"], nil),
            ("[jwt]", ["authorization: Bearer \(Self.good)x"], 401),
            ("[jwt]", ["authorization: Basic \(Self.good)"], 401),
            ("[jwt, api-key]", ["x-api-key: key-1"], nil),
            ("[jwt, api-key]", ["x-api-key: key-1", "authorization: Bearer a.b.c"], nil),
            ("[jwt, api-key]", ["x-api-key: no", "authorization: Bearer \(Self.good)"], nil),
            ("{ methods: [api-key], anonymous: guest }", [], nil),
            ("{ methods: [api-key], anonymous: guest }", ["x-api-key: no"], 401),
            ("{ methods: [api-key, jwt], require: all }", ["x-api-key: key-1"], 401),
            (
                "{ methods: [api-key, jwt], require: all }",
                ["x-api-key: key-1", "authorization: Bearer \(Self.good)"], nil
            ),
            (
                "{ methods: [api-key, jwt], require: all }",
                ["x-api-key: key-2", "authorization: Bearer \(Self.good)"], 401
            ),
            (
                "{ methods: [api-key, jwt], require: all }",
                ["x-api-key: key-2", "authorization: Bearer \(Self.stranger)"], nil
            ),
            ("{ methods: [api-key, jwt], require: all, anonymous: guest }", [], nil),
            (
                "{ methods: [api-key, jwt], require: all, anonymous: guest }", ["x-api-key: key-1"],
                401
            ),
            ("[client-certificate]", [], 401),
            ("[{ api-key: { header: x-key, cookie: k } }]", ["x-key: key-1"], nil),
            (
                "[{ api-key: { header: x-key, cookie: k } }]",
                ["x-key: key-1", "cookie: k=key-2"], 401
            ),
            (
                "[{ api-key: { authorization: true } }, jwt]",
                ["authorization: Bearer \(Self.good)"], nil
            ),
            ("[jwt, { api-key: { authorization: true } }]", ["authorization: Bearer key-1"], nil),
        ] as [(String, [String], Int?)])
    func decisions(policy: String, fields: [String], status: Int?) throws {
        #expect(try self.answer(policy, fields) == status)
    }

    // MARK: Calls to others

    private func basic(_ text: String) -> String {
        "authorization: Basic "
            + String(decoding: Base64Text.encode(Array(text.utf8).span, .standard), as: UTF8.self)
    }

    @Test func aPasswordIsCheckedElsewhereOnceAndRemembered() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[basic]"), sideCalls: calls)
        let clients = try (0..<3).map { _ in try simulation.connectClient() }
        for client in clients { client.peerSends(self.request([self.basic("U:U*U")])) }
        #expect(calls.count == 1, "equal ones are one")
        #expect(simulation.connector.dialCount == 0)
        calls.answer(.yes)
        simulation.run()
        #expect(simulation.connector.dialCount == 3)
        let later = try simulation.connectClient()
        later.peerSends(self.request([self.basic("U:U*U")]))
        #expect(calls.count == 1)
        #expect(simulation.connector.dialCount == 4)
        simulation.advance(.seconds(301))
        let muchLater = try simulation.connectClient()
        muchLater.peerSends(self.request([self.basic("U:U*U")]))
        #expect(calls.count == 2)
    }

    @Test(arguments: [(SideCallAnswer.no, 401), (.failed, 503)])
    func otherAnswersAreNotRemembered(answer: SideCallAnswer, status: Int) throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[basic]"), sideCalls: calls)
        for count in 1...2 {
            let client = try simulation.connectClient()
            client.peerSends(self.request([self.basic("U:wrong")]))
            #expect(calls.count == count)
            calls.answer(answer)
            simulation.run()
            #expect(self.status(client) == status)
        }
        simulation.expectQuiet()
    }

    /// The decoy's own password must not let a stranger in.
    @Test func aUserThatDoesNotExistIsCheckedAndRefused() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[basic]"), sideCalls: calls)
        let client = try simulation.connectClient()
        client.peerSends(self.request([self.basic("nobody:U*U")]))
        #expect(calls.count == 1)
        calls.answer(.yes)
        simulation.run()
        #expect(self.status(client) == 401)
    }

    @Test func anAnswerForAClientThatHasGoneChangesNothing() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[basic]"), sideCalls: calls)
        let client = try simulation.connectClient()
        client.peerSends(self.request([self.basic("U:U*U")]))
        client.peerResets()
        simulation.expectQuiet()
        let other = try simulation.connectClient()
        other.peerSends(self.request([self.basic("U:other")]))
        calls.answer(.yes)
        simulation.run()
        #expect(simulation.connector.dialCount == 0)
        #expect(self.status(other) == nil)
    }

    @Test func withoutAnAnswerTheWaitEnds() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[basic]"), sideCalls: calls)
        let client = try simulation.connectClient()
        client.peerSends(self.request([self.basic("U:U*U")]))
        simulation.advance(.seconds(66))
        #expect(self.status(client) == 503)
        simulation.expectQuiet()
    }

    private static let unknown = Self.token(#"{"iss":"me","aud":"api","exp":99999999999}"#)

    @Test func keysThatAreMissingAreWaitedFor() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[jwt]"), sideCalls: calls)
        let client = try simulation.connectClient()
        client.peerSends(self.request(["authorization: Bearer \(Self.es256().token)"]))
        #expect(calls.count == 1)
        calls.answer(.failed)
        simulation.run()
        #expect(self.status(client) == 503)
    }

    private static func es256() -> (token: String, keys: KeySet) {
        let key = P256.Signing.PrivateKey()
        func encode(_ text: String) -> String {
            String(decoding: Base64Text.encode(Array(text.utf8).span, .url), as: UTF8.self)
        }
        let input =
            encode(#"{"alg":"ES256","kid":"a"}"#) + "."
            + encode(#"{"iss":"me","aud":"api","exp":99999999999}"#)
        let signature = (try? key.signature(for: Data(input.utf8)))?.rawRepresentation ?? Data()
        let text = String(decoding: Base64Text.encode(Array(signature).span, .url), as: UTF8.self)
        let checked = VerificationKey(
            identifier: Array("a".utf8), algorithm: .es256, material: .p256(key.publicKey))
        return (input + "." + text, KeySet([checked], version: 1))
    }

    @Test func keysThatArriveServeThoseThatWait() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[jwt]"), sideCalls: calls)
        let (token, keys) = Self.es256()
        let client = try simulation.connectClient()
        client.peerSends(self.request(["authorization: Bearer \(token)"]))
        simulation.worker.generation.authentication.keysArrived(
            keys, issuer: "fetched", url: "http://127.0.0.1:1/")
        calls.answer(.yes)
        simulation.run()
        #expect(simulation.connector.dialCount == 1)
        // A set without the key: what was verified by it is not believed any more.
        simulation.worker.generation.authentication.keysArrived(
            Self.es256().keys, issuer: "fetched", url: "http://127.0.0.1:1/")
        let later = try simulation.connectClient()
        later.peerSends(self.request(["authorization: Bearer \(token)"]))
        #expect(self.status(later) == 401)
    }

    @Test func unknownKeysAreAskedForOnceInAWhile() throws {
        let calls = RecordedSideCalls()
        let simulation = try SimulatedWorker(Self.config("[jwt]"), sideCalls: calls)
        let state = simulation.worker.generation.authentication
        state.keysArrived(Self.es256().keys, issuer: "fetched", url: "http://127.0.0.1:1/")
        var header = #"{"alg":"ES256","kid":"b"}"#
        header = String(
            decoding: Base64Text.encode(Array(header.utf8).span, .url), as: UTF8.self)
        let parts = Self.es256().token.split(separator: ".")
        let token = "\(header).\(parts[1]).\(parts[2])"
        for _ in 0..<5 {
            let client = try simulation.connectClient()
            client.peerSends(self.request(["authorization: Bearer \(token)"]))
            calls.answer(.yes)
            simulation.run()
            #expect(self.status(client) == 401)
        }
        #expect(calls.count == 1)
        simulation.advance(.seconds(11))
        let client = try simulation.connectClient()
        client.peerSends(self.request(["authorization: Bearer \(token)"]))
        #expect(calls.count == 2)
    }

    @Test func failedTriesLockTheAddressOut() throws {
        let simulation = try SimulatedWorker(
            Self.config("[api-key]", "  lockout: { attempts: 2, decay: 100s }"))
        func status(_ key: String, from address: String) throws -> Int? {
            let client = try simulation.connectClient(from: address)
            client.peerSends(self.request(["x-api-key: \(key)"]))
            return self.status(client)
        }
        #expect(try status("no", from: "192.0.2.7") == 401)
        #expect(try status("no", from: "192.0.2.7") == 401)
        #expect(try status("key-1", from: "192.0.2.7") == 429)
        #expect(try status("key-1", from: "192.0.2.8") == nil)
        simulation.advance(.seconds(51))
        #expect(try status("key-1", from: "192.0.2.7") == nil)
    }
}
