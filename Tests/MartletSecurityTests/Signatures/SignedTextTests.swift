import Crypto
import MartletSecurity
import Testing

@Suite struct SignedTextTests {
    @Test(arguments: [
        ("method", SignedText.Piece.method), ("path", .path), ("query", .query),
        ("target", .target), ("host", .host), ("timestamp", .timestamp),
        ("key-id", .keyIdentifier), ("body", .body), ("body-sha256", .bodyDigest),
        ("header:Date", .field(Array("date".utf8))),
    ])
    func names(name: String, piece: SignedText.Piece) {
        #expect(SignedText.Piece(name: name) == piece)
    }

    @Test(arguments: ["", "header:", "Body", "headers:a", "sha256"])
    func whatIsNoPiece(name: String) {
        #expect(SignedText.Piece(name: name) == nil)
    }

    /// The example that Slack documents.
    @Test func slack() throws {
        let body =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
            + "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        let text = SignedText([
            .literal(Array("v0:".utf8)), .timestamp, .literal(Array(":".utf8)), .body,
        ])
        #expect(text.coversBody)
        let message = try text.bytes { piece in
            switch piece {
            case .timestamp: Array("1531420618".utf8)
            case .body: Array(body.utf8)
            default: nil
            }
        }
        let code = "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        #expect(
            HMACAlgorithm.sha256.isValid(
                HMACAlgorithmTests.hex(code), over: message,
                secret: SymmetricKey(data: Array("8f742231b10e8888abcd99yyyzzz85a5".utf8))))
    }

    @Test func whatIsMissing() {
        let text = SignedText([.literal([65]), .field(Array("date".utf8))])
        #expect(!text.coversBody)
        #expect(throws: SignatureRefusal.componentMissing) { try text.bytes { _ in nil } }
    }
}
