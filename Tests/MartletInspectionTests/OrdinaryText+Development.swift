/// What people send who write about programs, queries, markup and machines.
extension OrdinaryText {
    /// Searches and titles that name statements, functions and commands.
    static let wordings = [
        "drop table reservation", "select from the menu", "union square hotels",
        "union select committee", "select * from the options", "where 1 = one apple",
        "truncate table names in the report?", "delete from cart", "insert into slot",
        "create table of contents", "alter table or chair", "update profile set new photo",
        "declare @channel everyone", "benchmark (2024) results", "count (5) items",
        "order by 5 pm today", "group by department having trouble", "exec (chief) approved",
        "what does strlen() do", "sprintf() and printf() differ", "PHP's $_GET and $_POST",
        "eval (short for evaluation)", "the kids' select tour", "the Joneses' union select team",
        "how do I use union in sql", "SELECT brand; FROM London; WHERE anywhere",
        "date | time | place", "id; name; email", "black & white photo; date&time",
        "head; tail; cut", "Please cut; paste; and print -- thanks", "sleep; eat; code",
        "python manage.py migrate", "git commit -m \"fix: it's done\"", "make -j8 all",
        "docker compose up -d", "kubectl get pods -n default", "tar -xzf file.tar.gz",
        "java -jar app.jar --server.port=8080", "time curl example.com", "go test ./...",
        "pip install -r requirements.txt", "bash deploy.sh --prod", "ffmpeg -i in.mp4 out.mp4",
        "status = \"open\" AND assignee in (ann, bob) ORDER BY created DESC",
        "created >= -7d AND type = Bug", "level:error AND service:\"api\" AND NOT env:dev",
        "rate(http_requests_total{job=\"api\"}[5m])", "sum by (job) (rate(errors[5m])) > 0.5",
        "{app=\"nginx\"} |= \"error\" | json", "name=like=*smith*;age=gt=18",
        "=SUM(A1:A10)", "=IF(A1>5,\"yes\",\"no\")", "=VLOOKUP(B2,Sheet1!A:B,2,FALSE)",
        "0 */5 * * * *", "^[A-Za-z0-9._%+-]+@[a-z.]+$", "^\\d{3}-\\d{4}$", "$.store.book[*].author",
        "$['a']['b']", "//div[@class=\"x\"]/a", "/book/title[1]", "items[0].price", "user[name]",
        "HEAD~1..HEAD", "origin/main...feature", "1e10", "0x1F", "10 * (5 + 3)", "a && b || !c",
        "C:\\Users\\bob\\Documents\\report.docx", "C:\\Windows\\System32\\kernel32.dll",
        "\\\\server\\share\\Q1 'final'.docx", "/usr/local/share", "/opt/app/bin/start",
        "/var/log/app/today.txt", "src/main/java/com/example/App.java", "node_modules/.bin/eslint",
        "mailto:a@example.com?subject=Hi", "s3://bucket/key", "redis://cache:6379/0",
        "arn:aws:iam::123456789012:user/Bob", "urn:isbn:0451450523", "data:image/gif;base64,R0lG",
        "myapp://callback?code=abc", "/login?next=%2Fadmin%2Fusers%3Fpage%3D2", "~+", "~-",
        "javascript:void(0)", "JavaScript: a guide", "Tr0ub4dor&3", "xK9#mP$2vL&8",
    ]
    /// Errors and logs, as programs report them.
    static let reports = [
        "java.lang.IllegalStateException: Failed to load\n\tat org.springframework.boot."
            + "SpringApplication.run(SpringApplication.java:315)\n\tat java.base/java.lang.Thread."
            + "run(Thread.java:833)\nCaused by: java.io.IOException: Broken pipe\n\t... 12 more",
        "Traceback (most recent call last):\n  File \"/app/main.py\", line 10, in <module>\n"
            + "    main()\nValueError: it's a bad input",
        "TypeError: Cannot read properties of undefined (reading 'map')\n    at render "
            + "(webpack:///./src/App.js?:12:5)\n    at process.processTicksAndRejections "
            + "(node:internal/process/task_queues:95:5)",
        "panic: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n"
            + "\t/app/main.go:12 +0x1d\nexit status 2",
        "PHP Warning:  Undefined array key \"id\" in /srv/shop/index.php on line 12",
        "System.NullReferenceException: Object reference not set.\n   at App.Controllers."
            + "HomeController.Index() in C:\\src\\App\\HomeController.cs:line 42",
        "10.0.0.1 - bob [01/Jan/2026:00:00:00 +0000] \"POST /api/users HTTP/1.1\" 201 12 \"-\"",
        "sshd[1]: Failed password for invalid user admin from 10.0.0.1 port 22 ssh2",
        "systemd[1]: Started Session 5 of user bob.", "bash: foo: command not found",
        "rm: cannot remove 'x': No such file or directory", "make: *** [all] Error 2",
        "ERROR 1064 (42000): You have an error in your SQL syntax; check the manual",
        "Table 'shop.orders' doesn't exist", "no such column: name",
        "INFO 2026-01-01 10:00:00 worker=3 job=\"cleanup\" took=5ms; next=10s | retries=0",
        "--- a/file.txt\n+++ b/file.txt\n@@ -1,3 +1,4 @@\n-it's old\n+it's new",
        "date;name;amount\n2026-01-01;O'Brien;5,00\n2026-01-02;\"Smith; John\";7,50",
    ]
    /// Pages as editors of content keep them, and pieces of code without calls that attacks make.
    static let pages = [
        "<!-- wp:paragraph -->\n<p>Hello, it's <strong>me</strong>.</p>\n<!-- /wp:paragraph -->",
        "<h2>Drop &amp; Table</h2><p class=\"lead\">Select from our <a href=\"/menu?x=1&amp;y=2\" "
            + "title=\"It's here\">menu</a>; don't wait.</p>",
        "<figure><img src=\"https://cdn.example.com/x.jpg\" alt=\"Kids' menu\" loading=\"lazy\">"
            + "<figcaption>Kids&#8217; menu</figcaption></figure>",
        "<blockquote>He said \"select one or two\"</blockquote><hr><ol><li>a</li></ol>",
        "<table><tr><td width='50'>1</td><td>it's 2</td></tr></table><br/>",
        "<div class='row'><span style='color:#f00;font-weight:bold'>Hi</span></div>",
        "<a href=\"javascript:void(0);\" class=\"more\">more</a>",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><x:a>b</x:a></x:xmpmeta>",
        "List<String> items = new ArrayList<>();", "Map<String, List<Integer>> index",
        "for (int i = 0; i < n; i++) { sum += i; }", "function add(a, b) { return a + b; }",
        "const total = items.filter(i => i.ok).length;", "if (a && b || !c) { return x ? y : z; }",
        "def add(a, b): return a + b", "public class Foo extends Bar {}",
        ".btn:hover > span::before { content: \"x\"; }", "width: calc(100% - 2px)",
        "{{#each items}}<li>{{this.name}}</li>{{/each}}", "Hello {{ user.first_name }}, welcome!",
        "{% if user %}Hi {{ user.name }}{% endif %}", "Hello %name%, your code is %code%",
        "```sql\nselect 1\n```", "/* it's a remark */", "-- it's a signature\nBob",
    ]
}
