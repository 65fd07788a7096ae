/// A key as Martlet makes it: `mk_`, eight letters and digits that may be shown, `_`, 32 that may
/// not (190 bits), and six that check the rest, so that a mistyped or cut key is known as such and
/// scanners of source code can tell one from chance.
///
/// Keys of another shape are taken too: only their hash counts.
package struct APIKeyText: Sendable, Equatable {
    package let text: String
    /// The part that logs and lists may show.
    package let display: String

    private static let alphabet = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let displayCount = 8
    private static let secretCount = 32
    private static let checkCount = 6

    /// Makes a new key.
    package init(random: inout some RandomNumberGenerator) {
        let display = Self.letters(Self.displayCount, &random)
        let body =
            Array("mk_".utf8) + display + [UInt8(ascii: "_")]
            + Self.letters(Self.secretCount, &random)
        self.text = String(decoding: body + Self.check(of: body.span), as: UTF8.self)
        self.display = String(decoding: Array("mk_".utf8) + display, as: UTF8.self)
    }

    private static func letters(
        _ count: Int, _ random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        (0..<count).map { _ in Self.alphabet[Int.random(in: 0..<62, using: &random)] }
    }

    /// Whether a text has the shape of Martlet's own keys and its check does not hold: then it is
    /// no key, whatever the table says.
    package static func isDamaged(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 3, text[0] == UInt8(ascii: "m"), text[1] == UInt8(ascii: "k"),
            text[2] == UInt8(ascii: "_")
        else { return false }
        let count = 3 + Self.displayCount + 1 + Self.secretCount
        guard text.count == count + Self.checkCount else { return true }
        let check = Self.check(of: text.extracting(0..<count))
        for index in 0..<Self.checkCount where text[count + index] != check[index] { return true }
        return false
    }

    /// What may be shown of a key, whatever its shape.
    package static func display(of text: Span<UInt8>) -> String {
        let count = 3 + Self.displayCount
        guard text.count == count + 1 + Self.secretCount + Self.checkCount,
            !Self.isDamaged(text), text[0] == UInt8(ascii: "m")
        else { return "" }
        return String(decoding: text.extracting(0..<count).copy, as: UTF8.self)
    }

    /// CRC-32 (ISO 3309) in the alphabet above.
    private static func check(of text: Span<UInt8>) -> [UInt8] {
        var state = UInt32.max
        for index in text.indices {
            state ^= UInt32(text[index])
            for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0xedb8_8320 : state >> 1 }
        }
        var rest = ~state
        var letters = [UInt8](repeating: Self.alphabet[0], count: Self.checkCount)
        for index in letters.indices.reversed() {
            letters[index] = Self.alphabet[Int(rest % 62)]
            rest /= 62
        }
        return letters
    }
}
