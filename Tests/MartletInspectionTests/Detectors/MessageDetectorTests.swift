import Testing

@Suite struct MessageDetectorTests {
    @Test(arguments: [
        ("a\r\nSet-Cookie: b", "header-split"), ("a\nLocation: http://b", "header-split"),
        ("a\r\n\r\n<html>", "header-split"), ("GET /x HTTP/1.1", "header-request-line"),
        ("a)(&(b=*", "ldap-filter"), ("*)(uid=*", "ldap-filter"), ("a)(|(b", "ldap-filter"),
        ("a)&(cn=b", "ldap-filter"), ("x' or count(/*)=1", "xpath-expression"),
        ("{\"$ne\": 1}", "nosql-script"), ("<!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]>", "xml-entity"),
        ("<xi:include href=a>", "xml-include"),
        ("a\r\nHost:b", "header-split"), ("\r\nX-Made-Up:1", "header-split"),
        ("*)(a:1.2.3:=4)", "ldap-filter"), ("boss)(*", "ldap-filter"),
        ("'] | //user/*", "xpath-expression"), ("$where: '1 == 1'", "nosql-script"),
    ])
    func findsMessages(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "Note: a\nLocation: Room 5", "http/2 is fast", "get it", "(a) & (b)", "(a || b) && (c)",
        "1.2.3.4 - - \"GET /a HTTP/1.1\" 200 5", "f(x) = (y)", "$ref", "costs $5: cheap",
        "a (b) (c)", "Hi,\n\nhow are you?\n",
        "Dear all,\r\nNote:this", "two (a) (*) stars", "f(a)(b: c)",
    ])
    func letsTextPass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test func operatorsAreNames() {
        #expect(Inspected.query("a[$ne]=1").contains("nosql-operator"))
        #expect(Inspected.body("{\"$where\":\"x\"}", "application/json").contains("nosql-operator"))
        #expect(Inspected.query("$filter=a&$top=5") == [])
        #expect(Inspected.body("{\"$ref\":\"x\",\"$schema\":\"y\"}", "application/json") == [])
    }

    @Test func lineBreaksInPathsAndCookies() {
        #expect(Inspected.path("/a%0ab").contains("header-control"))
        #expect(Inspected.header("Cookie", "a=b%0d%0ac").contains("header-control"))
    }
}
