import MartletInspection
import Testing

@Suite struct CommandDetectorTests {
    @Test(arguments: [
        (";id", "command-separated"), ("a|ls", "command-separated"),
        ("a&&whoami", "command-separated"),
        ("x\nuname -a", "command-separated"), ("; c''at /x", "command-separated"),
        (";w\\get a.b", "command-separated"), ("|sudo -u a sh", "command-separated"),
        ("`id`", "command-separated"), ("curl -O //a.b", "command-direct"),
        ("cat /x/y", "command-direct"), ("time ifconfig", "command-direct"),
        ("/usr/bin/perl", "command-path"), ("$SHELL -c a", "command-path"),
        ("$(id)", "command-substitution"), ("${x}", "command-substitution"),
        ("<(id)", "command-substitution"), ("{cat,/x}", "command-substitution"),
        ("/etc/pass[w]d", "command-glob"), ("/b[i]n/sh", "command-glob"),
        ("~+1", "command-shorthand"), ("!-1", "command-shorthand"),
        ("() { :;}; a", "command-shell-function"), ("/dev/tcp/1.2.3.4/5", "command-shell-device"),
        ("cat$IFS/x", "command-shell-device"), ("alias a=b", "command-alias"),
        ("';htop'", "command-separated"), ("aa-disable php-fpm", "command-direct"),
        ("x|sleep 5", "command-separated"), ("&&sleep 10", "command-separated"),
        ("a`sleep 5`", "command-separated"),
        ("x && net user", "command-separated"), ("|dir", "command-separated"),
        ("x`whoami`", "command-separated"), ("; find / -name a", "command-separated"),
        (";/bin/c??  /etc/p*", "command-glob"), ("ti''me curl a.b", "command-direct"),
        ("cmd.exe /c whoami", "command-direct"),
        ("; id # x", "command-separated"), ("; timeout 3 sleep 4", "command-separated"),
        ("; chmod 644 x", "command-separated"), ("; nslookup a.example", "command-separated"),
        (";dig a.example", "command-separated"), ("& reg query hklm", "command-separated"),
        ("; netsh firewall set x", "command-separated"), ("; choice /t 5", "command-separated"),
        (";{id,}", "command-substitution"), (";$'id'", "command-separated"),
        ("b=$'id';$b", "command-substitution"), ("who$()ami", "command-substitution"),
        ("w'h'o'am'i", "command-direct"), ("x|$0", "command-separated"),
        ("/???/c??", "command-glob"), ("&& echo x", "command-separated"),
        ("; echo 'x'", "command-separated"), ("; kill -9 1", "command-separated"),
        ("ping%programfiles:~10,-5%x", "command-substitution"),
        ("=cmd|'/c calc'!a1", "command-direct"), ("&& id x", "command-separated"),
        ("a\nuname -r", "command-separated"),
    ])
    func findsCommands(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "cats & dogs; birds", "the zip is stuck", "hello; time he came", "id=4", "Q&A, R&D",
        "he; who knew", "ls swap kit", "cat and mouse", "a | b | c", "AT&T", "[text in brackets]",
        "1[a/-1]", "/[a-z]{1,5}/", "ids[0]", "$5 and $10", "$[0].name", "$['a']", "{id,name}",
        "Run `npm test` now", "~approx", "x; curl up with a book", "node js", "php/index",
        "recycle/bin/items", "{a, b}", "wait (here)", "date | time | place",
        "black & white; date&time",
        "tails; at $5", "make -j8 all", "tar -xzf a.tgz", "python3 -m venv env", "~+",
        "java -jar app.jar --server.port=80", "kubectl get pods -n default", "eat; sleep 8 hours",
        "/opt/app/bin/start", "//div[@class=\"x\"]/a", "time curl a.b", "use `make` find it",
        "draw P&ID models", "R&D teams", "GET /v1/orders", "put /x/y", "watch https://a.example/b",
        "adduser will refuse", "useradd for ldap", "ansible-vault is a tool with many options",
        "6 High Road\nLS1 4AP", "Boise\nID 83702", "Thank you\nPS the gate is open",
        "we met at the old\ntime of day", "eat; watch https://a.example/b", ";vi -c: see below",
        "use $(srcdir) here", "Hello ${name}, welcome", "arn:${Partition}:x",
        "to ${AWS::Region} or ${order.total}",
        "done; hostname is missing", "a; find -c: not it", "/api/v?/x",
        "/pack/type/value\n/pack/type/other", "buy cat food; echo chamber music",
    ])
    func letsProsePass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test func commentsOfUserAgentsAreNoCommands() {
        #expect(Inspected.header("User-Agent", "A/1 (X11; id; ls) B/2") == [])
        #expect(Inspected.header("User-Agent", ";id").contains("command-separated"))
    }

    @Test func isStricterOnTheSecondLevel() {
        #expect(Inspected.value("ls", .strict).contains("command-weak"))
    }
}
