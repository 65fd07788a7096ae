/// Decides whether a text is Java, JavaScript for a server, Ruby, Perl, Python or a template.
enum CodeDetector {
    static func detect(
        _ text: Span<UInt8>, part: RequestPart, traits: ByteTraits, gates: KeywordGates,
        level: InspectionLevel, into rules: inout RuleSet
    ) {
        if gates.contains(.java) { Self.java(text, into: &rules) }
        if gates.contains(.code) { Self.server(text, into: &rules) }
        if traits.contains(.brace) || traits.contains(.percent)
            || traits.contains(.less) && traits.contains(.mark)
            || traits.contains(.at) && traits.contains(.parenthesis)
        {
            Self.templates(text, into: &rules)
        }
        if traits.contains(.parenthesis) { Self.loops(text, into: &rules) }
        if level == .strict,
            text.contains("ro0ab") || text.contains("kztaau")
                || text.contains("cs7qaf")
        {
            rules.insert(.javaSerialised)
        }
    }

    // MARK: Java

    private static func java(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let match = CodeVocabulary.javaAutomaton.first(in: text, from: index) {
            index = match.range.upperBound
            if match.gates.contains(.code) { return rules.insert(.javaGadget) }
            let before = text.at(match.range.lowerBound - 1)
            guard !TextByte.isWord(before), before != UInt8(ascii: "-") else { continue }
            // A package, then more of a name: "in java.util." ends a sentence.
            let last = text.at(index - 1)
            if last != UInt8(ascii: ".") || TextByte.isWord(text.at(index)),
                !Self.isTrace(text, match.range.lowerBound)
            {
                return rules.insert(.javaClass)
            }
        }
    }

    /// Whether a class stands in an error's report: its name ends like an error's, or it is a frame
    /// of a stack, `at java.lang.Thread.run(Thread.java:750)`.
    private static func isTrace(_ text: Span<UInt8>, _ start: Int) -> Bool {
        var end = start
        while end < min(text.count, start + 160),
            TextByte.isWord(text[end]) || text[end] == UInt8(ascii: ".")
                || text[end] == UInt8(ascii: "$")
        {
            end += 1
        }
        while text.at(end - 1) == UInt8(ascii: ".") { end -= 1 }
        if text.holds("exception", before: end) || text.holds("error", before: end) {
            return text.at(end) != UInt8(ascii: "(")
        }
        // `at java.base/java.lang.…`: a module before the class.
        var start = start
        if text.at(start - 1) == UInt8(ascii: "/") {
            let floor = max(0, start - 32)
            while start > floor, !TextByte.isBlank(text.at(start - 1)) { start -= 1 }
        }
        guard text.holds("at ", before: start), text.at(end) == UInt8(ascii: "(") else {
            return false
        }
        if text.holds("(native method)", at: end) || text.holds("(unknown source)", at: end) {
            return true
        }
        guard let close = text.index(of: UInt8(ascii: ")"), from: end, before: end + 80) else {
            return false
        }
        return text.index(of: ".java:", from: end, before: close) != nil
    }

    // MARK: Servers

    private static func server(_ text: Span<UInt8>, into rules: inout RuleSet) {
        if Self.holdsNode(text) { rules.insert(.nodeCode) }
        if text.contains("__proto__") || text.contains("constructor.prototype")
            || text.contains("constructor[prototype") || text.contains("[constructor]")
        {
            rules.insert(.prototypePollution)
        }
        if text.contains("#_memberaccess") || text.contains("@ognl") || text.contains("#context[")
            || text.contains("@java.") || text.contains("#parameters.")
            || text.contains("class.module.classloader")
        {
            rules.insert(.expressionLanguage)
        }
        if Self.holdsScripting(text) { rules.insert(.scriptingCode) }
    }

    private static func holdsNode(_ text: Span<UInt8>) -> Bool {
        if text.contains("_$$nd_func$$_") || text.contains("__js_function")
            || Self.names(text, "child_process") || text.contains("constructor.constructor")
            || Self.names(text, "require.main") || text.contains("process.mainmodule")
            || text.contains("process.binding") || text.contains("this.constructor")
        {
            return true
        }
        return Self.function(text) || Self.member(text, "process", Self.processMembers)
            || Self.member(
                text, "console", ["info", "log", "error", "debug", "warn", "table", "trace"])
            || Self.indexes(text, "require") || Self.indexes(text, "constructor")
            || Self.indexes(text, "global") || Self.indexes(text, "mainmodule")
            || Self.indexes(text, "binding")
            || Self.assigns(text, "module.exports") || Self.requires(text)
    }

    /// Whether a name stands there and is not only spoken of.
    private static func names(_ text: Span<UInt8>, _ name: StaticString) -> Bool {
        var index = 0
        while let found = text.index(of: name, from: index) {
            index = found + name.utf8CodeUnitCount
            // `/api/child_process.html` is a page.
            let before = text.at(found - 1)
            if !TextByte.isWord(before), before != UInt8(ascii: "/"),
                !Mention.isSpokenOf(text, found..<index)
            {
                return true
            }
        }
        return false
    }

    private static let processMembers: [StaticString] = [
        "env", "argv", "binding", "mainmodule", "dlopen", "chdir", "cwd", "exit", "kill",
        "execpath", "constructor", "global", "require", "stdin", "stdout", "getuid", "nexttick",
        "memoryusage", "hrtime", "umask", "spawn", "exec", "open", "fork", "access", "write",
        "abort", "argv0", "daemon", "detach", "egid", "setsid", "wait", "readfile", "readdir",
        "chmod", "chown", "unlink", "symlink", "rename",
    ]

    /// Finds `require["…"]`, `global[…]`.
    private static func indexes(_ text: Span<UInt8>, _ object: StaticString) -> Bool {
        var index = 0
        while let found = text.index(of: object, from: index) {
            index = found + object.utf8CodeUnitCount
            let open = text.skippingBlanks(from: index)
            guard text.at(open) == UInt8(ascii: "["), !TextByte.isWord(text.at(found - 1)) else {
                continue
            }
            let inside = text.at(text.skippingBlanks(from: open + 1))
            if inside != 0, inside != UInt8(ascii: "]"), !TextByte.isDigit(inside) { return true }
        }
        return false
    }

    /// Finds `function() {`, `new Function(`.
    private static func function(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while let found = text.index(of: "function", from: index) {
            index = found + 8
            guard !TextByte.isWord(text.at(found - 1)) else { continue }
            let open = text.skippingBlanks(from: index)
            guard text.at(open) == UInt8(ascii: "(") else { continue }
            if text.holds("new", before: text.skippingBlanksBackwards(from: found - 1) + 1) {
                return true
            }
            guard let close = text.index(of: UInt8(ascii: ")"), from: open, before: open + 128)
            else { continue }
            if text.at(text.skippingBlanks(from: close + 1)) == UInt8(ascii: "{") { return true }
        }
        return false
    }

    /// Finds `process.env`, `process["env"]`.
    private static func member(
        _ text: Span<UInt8>, _ object: StaticString, _ members: [StaticString]
    ) -> Bool {
        var index = 0
        while let found = text.index(of: object, from: index) {
            index = found + object.utf8CodeUnitCount
            guard !TextByte.isWord(text.at(found - 1)), text.at(found - 1) != UInt8(ascii: "-")
            else { continue }
            // `at process.nextTick (node:…)`: a frame of a stack.
            if text.holds("at ", before: found) { continue }
            var start = text.skippingBlanks(from: index)
            let opening = text.at(start)
            guard opening == UInt8(ascii: ".") || opening == UInt8(ascii: "[") else { continue }
            start = text.skippingBlanks(from: start + 1)
            if opening == UInt8(ascii: "[") {
                if Self.isComputed(text, start, object) { return true }
                if !TextByte.isLetter(text.at(start)) { start += 1 }
            }
            for member in members where text.holds(member, at: start) {
                let end = start + member.utf8CodeUnitCount
                if !TextByte.isWord(text.at(end)), !Mention.isSpokenOf(text, found..<end) {
                    return true
                }
            }
        }
        return false
    }

    /// `process[x.y`: a member by a name that is worked out.
    private static func isComputed(
        _ text: Span<UInt8>, _ start: Int, _ object: StaticString
    ) -> Bool {
        guard object.utf8CodeUnitCount == 7, TextByte.isLetter(text.at(start)) else { return false }
        return text.at(text.wordEnd(from: start)) == UInt8(ascii: ".")
    }

    private static func assigns(_ text: Span<UInt8>, _ name: StaticString) -> Bool {
        guard let found = text.index(of: name, from: 0) else { return false }
        let end = text.skippingBlanks(from: found + name.utf8CodeUnitCount)
        return text.at(end) == UInt8(ascii: "=")
    }

    /// Finds `require('fs')`.
    private static func requires(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while let found = text.index(of: "require", from: index) {
            index = found + 7
            let open = text.skippingBlanks(from: index)
            let quote = text.at(text.skippingBlanks(from: open + 1))
            if !TextByte.isWord(text.at(found - 1)), text.at(open) == UInt8(ascii: "("),
                quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
                    || quote == UInt8(ascii: "`")
            {
                return true
            }
        }
        return false
    }

    private static func holdsScripting(_ text: Span<UInt8>) -> Bool {
        Self.names(text, "process.spawn") || text.contains("kernel.exec")
            || text.contains("kernel.system") || text.contains("kernel.open")
            || text.contains("io.popen") || text.contains("open3.")
            || text.contains("__import__(") || text.contains("os.system(")
            || text.contains("os.popen(") || Self.names(text, "subprocess.popen")
            || Self.names(text, "subprocess.call") || Self.names(text, "subprocess.run")
            || Self.names(text, "subprocess.check_output") || text.contains("__globals__")
            || text.contains("__subclasses__") || text.contains("__builtins__")
            || text.contains("pty.spawn") || text.contains("use socket;")
            || text.contains("io.sysopen") || text.contains("instance_eval")
            || text.contains("yaml.load(") || text.contains("marshal.load(")
    }

    // MARK: Loops

    /// Finds `while(true)`, `while(!0)`, `while(new Date)`.
    private static func loops(_ text: Span<UInt8>, into rules: inout RuleSet) {
        var index = 0
        while let found = text.index(of: "while", from: index) {
            index = found + 5
            let open = text.skippingBlanks(from: index)
            guard text.at(open) == UInt8(ascii: "("), !TextByte.isWord(text.at(found - 1)),
                text.index(of: UInt8(ascii: ")"), from: open, before: open + 64) != nil
            else { continue }
            let inside = text.skippingBlanks(from: open + 1)
            switch text.at(inside) {
            // `while(!true)` never runs.
            case UInt8(ascii: "!"):
                let what = text.at(inside + 1)
                if text.holds("true", at: inside + 1)
                    || UInt8(ascii: "1")...UInt8(ascii: "9") ~= what
                {
                    continue
                }
                return rules.insert(.endlessLoop)
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "["),
                UInt8(ascii: "{"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "~"),
                UInt8(ascii: "`"), UInt8(ascii: "/"), UInt8(ascii: "1")...UInt8(ascii: "9"):
                return rules.insert(.endlessLoop)
            default:
                if text.holds("true", at: inside) || text.holds("new ", at: inside)
                    || text.holds("this", at: inside) || text.holds("infinity", at: inside)
                    || text.holds("function", at: inside)
                {
                    return rules.insert(.endlessLoop)
                }
            }
        }
    }
}
