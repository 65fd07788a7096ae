import Testing

/// What single tokens decide: the same words, told apart by one sign.
@Suite struct SQLTokenTests {
    @Test(arguments: [
        ("select/from?id=5", false), ("select * from t", true), ("a::int", false),
        ("'a'::int", true), ("if(a==b)", false), ("if(a=b,1,2)", true),
    ])
    func areToldApart(_ text: String, _ isSQL: Bool) {
        let isFound = Inspected.value(text).contains { $0.hasPrefix("sql-") }
        #expect(isFound == isSQL, "\(text)")
    }
}
