import MartletInspection
import Testing

@Suite struct SQLDetectorTests {
    @Test(arguments: [
        ("7 union all select 1,2,user()", "sql-union"),
        ("7/**/UnIoN/**/SeLeCt/**/1", "sql-union"),
        ("x') union select null,null-- -", "sql-union"),
        ("x' or 'b'='b", "sql-tautology"),
        ("x\" or \"b\"=\"b", "sql-tautology"),
        ("5 or 7=7", "sql-tautology"),
        ("5) or (7=7", "sql-tautology"),
        ("' || 3=3 #", "sql-tautology"),
        ("' and substr(pw,1,1)='a", "sql-tautology"),
        ("' or name like 'a%", "sql-tautology"),
        ("boss'--", "sql-quote-end"),
        ("boss') #", "sql-quote-end"),
        ("me@example.com';", "sql-quote-end"),
        ("9; drop table t", "sql-stacked"),
        ("x';delete from t;--", "sql-stacked"),
        ("1;waitfor delay '0:0:9'", "sql-stacked"),
        ("drop table customers;", "sql-statement"),
        ("insert into t (a) values (1)", "sql-statement"),
        ("update t set a=1 where b=2", "sql-statement"),
        ("exec master..xp_cmdshell 'dir'", "sql-statement"),
        ("group_concat(name)", "sql-function"),
        ("concat(a,b)", "sql-function"),
        ("1 and sleep(9)", "sql-delay"),
        ("(select*from(select(sleep(20)))a)", "sql-delay"),
        ("select a,b from t", "sql-select"),
        ("(select pw from users)", "sql-select"),
        ("0 from information_schema.columns", "sql-catalogue"),
        ("'1'::int", "sql-cast"),
        ("1 order by 9--", "sql-clause"),
        ("case when a=1 then 2 else 3 end", "sql-clause"),
        ("x into outfile '/a.php'", "sql-clause"),
        ("1.e(2)", "sql-number-trick"),
        ("@a:=(5)", "sql-number-trick"),
        ("5 /*!50000or*/ 6", "sql-comment"),
        ("from `information_schema`", "sql-catalogue"), ("f(a)::double precision", "sql-cast"),
        ("x;truncate[t", "sql-stacked"), ("declare @a varchar(9)", "sql-statement"),
        ("x' and name is null; --", "sql-tautology"), ("'||'1", "sql-tautology"),
        ("boss'='", "sql-tautology"), ("'=0--+", "sql-tautology"), ("' or ''-'", "sql-tautology"),
        ("' rlike '.*", "sql-tautology"), ("@@version", "sql-function"),
        ("'||utl_http.request('http://a')||'", "sql-function"),
        ("x' union select pw from users", "sql-union"), ("union select pw from", "sql-union"),
        ("'^'", "sql-tautology"), ("x' or '", "sql-tautology"), ("' or '' '", "sql-tautology"),
        ("or true--", "sql-tautology"), (" or 6/*", "sql-tautology"), ("||'6", "sql-tautology"),
        (" or b = b", "sql-tautology"), ("5) or (b=b", "sql-tautology"),
        (" or 4 > 2", "sql-tautology"), (" or 'b' in ('b')", "sql-tautology"),
        ("7) order by 3-- x", "sql-clause"), ("order by 2#", "sql-clause"),
        ("x' procedure analyse(version(),1)-- ", "sql-clause"),
        ("x',updatexml(1,2,3)-- y", "sql-function"), ("x' (select 4)-- ", "sql-clause"),
        ("8 and 3=(select 4)", "sql-tautology"), ("x' or pw is not null--", "sql-tautology"),
        ("x' or binary 'b'='b'", "sql-tautology"), ("x' or exists (y", "sql-tautology"),
        ("x' group by 2--", "sql-quote-end"), ("x' into @b,@c-- ", "sql-quote-end"),
        ("select case 5 when 5 then 6 end", "sql-select"),
        ("t'exec master..xp_dirtree 'c:'--", "sql-statement"),
        ("' || this.pw.match(/a/)//", "nosql-script"),
        ("'; return true; var b='c", "nosql-script"), ("';db.users.drop();'", "nosql-script"),
        ("x' and dblink('a','b')", "sql-function"),
    ])
    func findsSQL(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "O'Brien", "Dell'Orto; L'Aquila", "rock 'n' roll", "the boys' and the girls' rooms",
        "select one from the list", "drop by and update me",
        "status = 'open' AND priority = 'high'",
        "1 < 2 and 3 > 2", "union jack", "credit union select a branch", "order by phone",
        "item(s)", "Count (total)", "5 or 6 people", "don't; won't", "#1 -- best", "a -- b",
        "it's 5 o'clock", "where and when", "insert coin; press start", "1'000'000",
        "Group by age, limit 5 per person", "having fun (lots)", "x || y", "SELECT brand shoes",
        "drop table reservation", "select * from the options", "union select committee",
        "declare @channel everyone", "benchmark (2024) results", "select 2, 3 or 4",
        "=IF(A1>5,\"yes\",\"no\")", "<q>\"select one or two\"</q>", "the kids' select tour",
        "or so = they say", "and a = b too", "-", "a - b", "or 5 -- maybe six", "x or y",
        "the Joneses' union select team", "a@$!%*?", "at Home.Index() in app",
        "joined by \"and\" and written with \"=\" in words",
        "one of 'US', 'UK', and 'ALL'. Default is 'ALL'.", "remove any '!'.", "a crc32 (fast) sum",
        "add view() and index() methods", "the degrees() and radians() functions", "login() fails",
        "the boys' group by age -- and more", "'values' or 'names'", "ask for trigger() too",
        "paths after '--'", "see `--now`.\n-->", "begins with \"#\".",
    ])
    func letsProsePass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    /// More words before the attack, or around where the tokens kept end, do not hide it.
    @Test(arguments: [0, 4000, 4090, 4093, 4096, 4100, 7900, 8000, 20_000])
    func noLengthHidesSQL(_ words: Int) {
        let text = String(repeating: "x ", count: words) + "7 union all select 1,2,user()"
        let behind = text + String(repeating: " y", count: 5000)
        for text in [text, behind] {
            #expect(Inspected.body(text, "text/plain").contains("sql-union"), "\(words)")
        }
        let prose = String(repeating: "select one table; drop by or call. ", count: words / 9)
        #expect(Inspected.body(prose, "text/plain") == [])
    }

    @Test(arguments: ["contains(Name,'a')", "concat(a,b) eq 'x'", "substring(Name,1) eq 'b'"])
    func letsODataPass(_ text: String) {
        #expect(Inspected.query("$filter=" + OrdinaryTraffic.percent(text)) == [])
    }

    @Test func isStricterOnTheSecondLevel() {
        #expect(Inspected.value("1=1") == [])
        #expect(Inspected.value("1=1", .strict).contains("sql-comparison"))
        #expect(Inspected.value("select from", .strict).contains("sql-word"))
    }
}
