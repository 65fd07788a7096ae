import MartletInspection
import Testing

@Suite struct CodeDetectorTests {
    @Test(arguments: [
        ("java.lang.Runtime", "java-class"), ("org.springframework.x", "java-class"),
        ("InvokerTransformer", "java-gadget"), ("${jndi:ldap://a}", "expression-language"),
        ("%{(#a=1)}", "expression-language"), ("class.module.classLoader.x", "java-gadget"),
        ("{{7*7}}", "template-expression"), ("<%= 7*7 %>", "template-expression"),
        ("#{7*7}", "template-expression"), ("{{a.__class__}}", "template-expression"),
        ("require('fs')", "node-code"), ("process.env", "node-code"),
        ("function() { x }", "node-code"), ("new Function('x')", "node-code"),
        ("__proto__", "prototype-pollution"), ("constructor.prototype.a", "prototype-pollution"),
        ("while(true){}", "endless-loop"), ("while(!0);", "endless-loop"),
        ("os.system('id')", "scripting-code"), ("IO.popen('x')", "scripting-code"),
        ("process[mainModule", "node-code"), ("at java.lang.Runtime.exec(x)", "java-class"),
        ("{{'id'|system}}", "template-expression"), ("{{7|times:7}}", "template-expression"),
        ("{5*5}", "template-expression"), ("@(5*5)", "template-expression"),
        ("{$smarty.version}", "template-expression"),
        ("{% debug %}", "template-expression"), ("{{_self.env}}", "template-expression"),
        ("<#assign x=1>", "template-expression"), ("return process.env", "node-code"),
        ("x=child_process", "node-code"),
    ])
    func findsCode(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "java util list", "in java.util.", "{{name}}", "{{#if a}}b{{/if}}", "<%= title %>",
        "function (mathematics)", "the process is slow", "while (you wait)", "console table",
        "constructor", "50%{off}", "#hashtag {a}", "while(!true);",
        "Caused by: java.lang.NullPointerException: x",
        "x\n\tat java.base/java.lang.Thread.run(Thread.java:833)\n\tat a.b(Native Method)",
        "at process.nextTick (node:internal/process:9)",
        "reads process.env and more", "calls console.log, then ends",
        "wraps child_process for tests", "uses subprocess.run to start", "{{name|upper}}",
        "/api/child_process.html", "^.+@([a-z]+[.])*b", "{a*b}",
        "a `process.env` value", "{1,2}",
    ])
    func letsTextPass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test func looksIntoBase64() {
        #expect(Inspected.value("d2hpbGUodHJ1ZSk7eCgp").contains("endless-loop"))
        // Its first letter is hidden itself.
        #expect(Inspected.value("\\u0064\\u0032hpbGUodHJ1ZSk7eCgp").contains("endless-loop"))
    }

    @Test func isStricterOnTheSecondLevel() {
        #expect(Inspected.value("rO0ABXNyA", .strict).contains("java-serialised"))
    }
}
