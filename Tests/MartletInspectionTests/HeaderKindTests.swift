import Testing

@Suite struct HeaderKindTests {
    @Test(arguments: [
        ("Accept", "text/html, application/xml;q=0.9, */*;q=0.8"), ("Range", "bytes=0-5, 10-"),
        ("Authorization", "Bearer eyJh.bGci-OiJI_Uz"), ("If-None-Match", "W/\"a--b\", \"c\""),
        ("Sec-CH-UA", "\"Not(A:Brand\";v=\"8\", \"Chromium\";v=\"1\""),
        ("Cookie", "a=O%27Brien; b=c"),
        ("Sec-Fetch-Mode", "cors"), ("X-Note", "it's (fine)"), ("Host", "localhost:8080"),
    ])
    func letsOrdinaryFieldsPass(_ name: String, _ value: String) {
        #expect(Inspected.header(name, value) == [])
    }

    @Test(arguments: [
        ("Accept", "${jndi:ldap://a}"), ("Authorization", "Basic ' or 1=1--"),
        ("X-Anything", "<script>x"), ("Cookie", "a=b; c=' or 1=1--"), ("cookie", "$_GET=1"),
        ("Referer", "http://a/?q=<script>"), ("User-Agent", "() { :;}; id"),
        ("X-Forwarded-For", "1.2.3.4' or '1'='1"), ("x-file.name", "a.php"),
    ])
    func looksIntoFields(_ name: String, _ value: String) {
        #expect(Inspected.header(name, value) != [])
    }
}
