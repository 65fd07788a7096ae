import MartletSecurity
import Testing

@Suite struct FormTextTests {
    @Test(arguments: [
        ("", ""), ("aZ09-._~", "aZ09-._~"), ("a b:c", "a%20b%3Ac"), ("+/=&", "%2B%2F%3D%26"),
        ("ä", "%C3%A4"), ("\u{0}\n", "%00%0A"),
    ])
    func encoded(text: String, expected: String) {
        #expect(FormText.encode(Array(text.utf8)) == expected)
    }
}
