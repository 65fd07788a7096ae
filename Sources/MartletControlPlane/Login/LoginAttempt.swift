import MartletDataPlane
import MartletJSON
import MartletSecurity

/// What is remembered of a login while the browser is at the issuer, in a cookie of that browser.
struct LoginAttempt {
    /// Comes back with the browser: it shows that the login was begun here.
    let state: String
    /// Comes back in the ID token: it shows that the token was made for this login.
    let nonce: String
    /// Shown to the token endpoint (RFC 7636 §4.1).
    let verifier: String
    let returnTo: [UInt8]
    let expiry: Int64

    /// Time to find the password.
    static let secondsMax: Int64 = 600
    /// A longer path is not come back to.
    private static let returnToBytesMax = 2048

    init(returnTo: [UInt8], now: Int64) {
        self.state = Self.random()
        self.nonce = Self.random()
        self.verifier = Self.random()
        self.returnTo =
            returnTo.count <= Self.returnToBytesMax ? returnTo : [UInt8(ascii: "/")]
        self.expiry = now + Self.secondsMax
    }

    private static func random() -> String {
        let bytes = RandomBytes.make(32)
        return String(decoding: Base64Text.encode(bytes.span, .url), as: UTF8.self)
    }

    var challenge: String { ProofKey.challenge(of: self.verifier) }

    /// Tabs that log in at the same time do not disturb each other.
    func cookieName(_ plan: LoginPlan) -> String {
        plan.attemptCookie + self.state.prefix(LoginPlan.attemptNameCount)
    }

    var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in self.members {
            writer.key(key)
            writer.string(value.span)
        }
        writer.key("expiry")
        writer.number(self.expiry)
        writer.endObject()
        return Array(writer.bytes)
    }

    private var members: [(StaticString, [UInt8])] {
        [
            ("state", Array(self.state.utf8)), ("nonce", Array(self.nonce.utf8)),
            ("verifier", Array(self.verifier.utf8)), ("return", self.returnTo),
        ]
    }

    private init?(_ content: [UInt8]) {
        guard let document = try? JSONDocument(content.span), document.kind(0) == .object else {
            return nil
        }
        guard let state = document.text("state"), let nonce = document.text("nonce"),
            let verifier = document.text("verifier"), let returnTo = document.text("return"),
            case .some(.some(let expiry)) = ClaimRules.time("expiry", document)
        else { return nil }
        self.state = String(decoding: state, as: UTF8.self)
        self.nonce = String(decoding: nonce, as: UTF8.self)
        self.verifier = String(decoding: verifier, as: UTF8.self)
        self.returnTo = returnTo
        self.expiry = expiry
    }

    /// The attempt that a browser has come back from.
    static func find(
        state: String, _ cookies: [LoginAttemptCookie], _ plan: LoginPlan, now: Int64
    ) -> LoginAttempt? {
        for cookie in cookies {
            guard let content = plan.attemptSeal.open(cookie.value.span),
                let attempt = LoginAttempt(content), attempt.expiry > now,
                ConstantTime.isEqual(Array(attempt.state.utf8).span, Array(state.utf8).span)
            else { continue }
            return attempt
        }
        return nil
    }
}

enum RandomBytes {
    static func make(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
