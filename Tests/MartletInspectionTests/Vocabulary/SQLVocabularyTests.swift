import Testing

@Suite struct SQLVocabularyTests {
    @Test(arguments: [
        "extractvalue(1,2)", "pg_sleep(1)", "dbms_pipe(1)", "json_array(1)", "utl_http('a')",
        "xp_cmdshell('a')", "load_file('a')", "lo_import('a')",
    ])
    func functionsOfDatabasesAreKnown(_ text: String) {
        #expect(Inspected.value(text).contains { $0.hasPrefix("sql-") }, "\(text)")
    }

    @Test(arguments: [
        "table_name", "object_id", "column_name", "user_id", "schema", "database", "view",
    ])
    func namesOfFieldsAreNot(_ text: String) {
        #expect(Inspected.query("sort=" + text) == [])
        #expect(Inspected.query(text + "=5") == [])
    }
}
