import Testing

@Suite struct PHPDetectorTests {
    @Test(arguments: [
        ("<?php x", "php-tag"), ("<?= 1 ?>", "php-tag"), ("a<? b();", "php-tag"),
        ("[php]", "php-tag"),
        ("x=$_POST[1]", "php-variable"), ("$GLOBALS", "php-variable"),
        ("fopen('a')", "php-function"), ("eval($x)", "php-function"),
        ("system /* */ ('a')", "php-function"), ("some_call()", "php-function"),
        ("$a('b')", "php-variable-call"), ("$a[b]('c')", "php-variable-call"),
        ("(exec)('a');", "php-variable-call"), ("O:3:\"abc\":0:{}", "php-object"),
        ("allow_url_include=1", "php-directive"), ("session.name=a", "php-directive"),
        ("opcache.jit=50", "php-directive"), ("('system')('whoami')", "php-variable-call"),
        ("printf($x)", "php-function"), ("strlen(exec('a'))", "php-function"),
        ("phpinfo()", "php-function"), ("exit();", "php-function"),
        ("`phpinfo()`", "php-function"), ("system(ls)", "php-function"),
        ("<?xphp ?><?php system('a')", "php-function"), ("sleep(5)", "php-function"),
    ])
    func findsPHP(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "<?xml version=\"1.0\"?><a/>", "ecosystem()", "the files (yep)", "link(s)", "$5 (five)",
        "users_by_pk(id: 1)", "why? (because)", "@include(if: $x)", "a.exec(b)", "O:3",
        "$a#b()", "(a)/(b)", "what does strlen() do", "sprintf() and printf() differ", "a <? b c",
        "PHP's $_GET and $_POST", "exec (chief) approved", "printf(foo)", "gethostbyname(",
        "session.user=5",
        "<?xdata system('id'); ?>", "see `require()` there", "exit(), die() and so on",
        "a fork of crypt(3)", "the file(image) upload", "Printing System(tm)", "hash(es) of it",
        "as os.getcwd() says", "com.example=5",
    ])
    func letsTextPass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }
}
