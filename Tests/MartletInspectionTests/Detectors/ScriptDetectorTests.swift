import MartletInspection
import Testing

@Suite struct ScriptDetectorTests {
    @Test(arguments: [
        ("<script>x</script>", "xss-tag"), ("<ScRiPt/src=//x.y>", "xss-tag"),
        ("<svg/onload=x>", "xss-event"), ("<x\tonclick=y>", "xss-event"),
        ("\" onfocus=a autofocus=\"", "xss-event"), ("<iframe src=//a>", "xss-tag"),
        ("<s c r i p t>", "xss-tag"), ("<svg:script>", "xss-tag"), ("<base href=//a/>", "xss-tag"),
        ("<q formaction=//a>", "xss-tag"), ("<!--[if IE]>", "xss-tag"),
        ("javascript:x()", "xss-script-url"), ("java\tscript:x()", "xss-script-url"),
        ("&#106;avascript:x()", "xss-script-url"), ("vbscript:x", "xss-script-url"),
        ("data:text/html,<b>", "xss-script-url"), ("alert(1)", "xss-script-call"),
        ("';alert (1)//", "xss-script-call"), ("a=document.cookie", "xss-property"),
        ("window.location", "xss-property"), ("x.innerHTML=1", "xss-property"),
        ("self['al'+'ert'](1)", "xss-obfuscation"), ("[].map.call`${x}`", "xss-obfuscation"),
        ("import('//a/b.js')", "xss-obfuscation"), ("(![]+[])[+[]]", "xss-obfuscation"),
        ("top/* */[x]", "xss-obfuscation"), ("width:expression(x)", "xss-obfuscation"),
        ("＜script＞x", "xss-tag"), ("+ADw-script+AD4-", "xss-tag"),
        ("< x: script", "xss-tag"), ("<!-- x", "xss-tag"), ("<q xmlns='a'>", "xss-tag"),
        ("<q xmlns:a='http://www.w3.org/1999/xhtml'>", "xss-tag"),
        ("javascript:void(0);x()", "xss-script-url"), ("alert?.(1)", "xss-script-call"),
        ("(alert)(1)", "xss-script-call"), ("[1].find(alert)", "xss-script-call"),
        ("(0,alert)(1)", "xss-script-call"), ("alert.bind(null,1)()", "xss-script-call"),
        ("Reflect.apply(alert,null,[1])", "xss-script-call"),
        ("+{valueOf:alert}", "xss-script-call"),
        ("x['\\141\\154\\145\\162\\164'](1)", "xss-obfuscation"), ("<\u{17f}cript>x", "xss-tag"),
        ("\u{2028}alert(1)", "xss-script-call"), ("<img src=\"https://a.example/?", "xss-tag"),
        ("importScripts('//a.example')", "xss-script-call"), ("<object data=//a>", "xss-tag"),
        ("<template><script>", "xss-tag"), ("new XMLHttpRequest()", "xss-property"),
    ])
    func findsScripts(_ text: String, _ rule: String) {
        #expect(Inspected.value(text).contains(rule), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "1 < 2", "I <3 you", "a <- b", "x <y> z", "<b>bold</b>",
        "JavaScript: The Good Parts (2008)",
        "online=1", "once = twice", "on monday = free", "alert: read this (now)", "Prompt (again)",
        "document the window", "parent[id]", "content[0]", "data: a, b", "AC/DC & <3", "<br>",
        "<!-- wp:paragraph --><p>Text</p><!-- /wp:paragraph -->", "eval (short for evaluation)",
        "eval (maybe) later", "javascript:void(0)", "<a href=\"javascript:void(0);\">x</a>",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">",
        "the `<video>` API", "a <script> tag", "DROP <object> now", "<slot>",
        "Get window.location.protocol", "use `setTimeout` if present",
        "link `Array.map`, not more", "the alert() and confirm() dialogs", "length of prompt(s)",
        "list (a) [b] (location) [c]", "C:\\1\\2", "colours (alert, warn)",
    ])
    func letsTextPass(_ text: String) {
        #expect(Inspected.value(text) == [])
    }

    @Test func isStricterOnTheSecondLevel() {
        #expect(Inspected.value("<b>bold</b>", .strict).contains("xss-markup"))
        #expect(Inspected.value("-->", .strict).contains("xss-markup"))
    }
}
