import MartletTLS
import Testing

@Suite struct CertificateNameTableTests {
    let table = CertificateNameTable([
        ["default.example"], ["*.example.com", "example.com"],
        ["www.example.com", "*.deep.example.com"], ["WWW.example.com", "Other.example"],
    ])

    @Test(arguments: [
        ("default.example", 0), ("example.com", 1), ("a.example.com", 1),
        ("xn--bcher-kva.example.com", 1), ("www.example.com", 2), ("a.deep.example.com", 2),
        ("other.example", 3), ("deep.example.com", 1),
    ])
    func found(name: String, index: Int) {
        #expect(self.table.index(of: Array(name.utf8)) == index)
    }

    @Test(arguments: [
        "", ".", ".example.com", "a.b.example.com", "com", "example.org", "*.example.org",
        "example.com.", "a..example.com", "Other.example",
    ])
    func unknown(name: String) {
        #expect(self.table.index(of: Array(name.utf8)) == nil)
    }

    @Test(arguments: [
        ("*.example.com", true), ("*.a.b.c", true), ("*.com", false), ("*", false),
        ("a*.example.com", false), ("*a.example.com", false), ("a.*.example.com", false),
        ("*.*.example.com", false), ("*..com", false), ("example.com", false), ("", false),
    ])
    func wildcards(name: String, isWildcard: Bool) {
        #expect(CertificateNameTable.isWildcard(name) == isWildcard)
    }
}
