/// The words that call a detector.
///
/// What has no such word, and no byte that one needs, is never looked at closer: nearly all
/// ordinary values.
enum GateVocabulary {
    private static let sql: StaticString = """
        select union insert update delete drop create alter truncate execute exec declare waitfor \
        having outfile dumpfile procedure immediate shutdown information_schema
        """
    private static let code: StaticString = """
        __proto__ constructor process console function require module while kernel. io.popen \
        os.system os.popen subprocess #_memberaccess @ognl class.module _$$nd __js_function \
        child_process __import __globals __subclasses __builtins __class pty.spawn open3. \
        instance_eval yaml.load marshal.load @java. #context #parameters io.sysopen
        """
    private static let address: StaticString = """
        // localh host.d gatewa docker kubern metada 169.25 192.0. 100.10 instan ranche lvh.me \
        localt vcap.m lacolh nip.io sslip. xip.io unix: http? https? burpco oastif intera oast. \
        cluste home.a ip6-lo
        """
    private static let php: StaticString = """
        <? [php [/php [\\php {php {/php php_va php_ad
        """
    private static let xml: StaticString = "!entit !docty xinclu xi:inc schemal"
    private static let commands: StaticString = """
        bin/ dev/tc dev/ud ansibl chef-v chef-s chef-r chef-c cscli ifconf visudo strace ltrace \
        nohup setsid stdbuf unshar nsente busybo toybox sudo time xargs adduse userad gunzip bzcat \
        unxz journa lwp-do lwp-re add-ap run-pa run-ma start- dpkg-r rmt-ta ssh-co doas chroot \
        taskse aa-enf aa-com aa-dis aa-exe aa-aud aa-unc aa-sta aa-log flock rlwrap ionice alias
        """
    /// With blanks in them, which lists cannot have.
    private static let phrases: [(KeywordGates, StaticString)] = [
        (.sql, "order by"), (.sql, "case w"), (.sql, "::"), (.sql, "--"), (.sql, "/*"),
        (.sql, "||"),
        (.sql, "or 1"), (.sql, "and 1"), (.sql, "@@"),
        (.windows, "if not"), (.windows, "if exi"), (.windows, "if def"), (.windows, "if err"),
        (.windows, "if /"), (.windows, " equ "), (.windows, " neq "), (.windows, " lss "),
        (.windows, " leq "), (.windows, " gtr "), (.windows, " geq "), (.windows, "for %"),
        (.windows, "for /"), (.windows, "=="), (.command, " -"), (.code, "use so"),
        (.file, ".sql"), (.file, "0x2e"), (.file, "0x2f"), (.file, "0x5c"), (.file, ".bak"),
        (.file, "data:"), (.code, "global"), (.command, "!-"),
        (.sql, "2.2250"), (.code, "mainmo"),
        (.code, "bindin"), (.script, "expres"), (.script, "url(ja"), (.script, "-moz-b"),
        (.script, "behavi"),
        (.script, "@impor"),
    ]

    static let automaton: KeywordAutomaton = {
        var lists: [(gates: KeywordGates, words: [[UInt8]])] = [
            (.sql, WordTable.split(Self.sql)), (.sql, WordTable.split(SQLVocabulary.catalogues)),
            (.script, WordTable.split(ScriptVocabulary.properties)),
            (.file, WordTable.split(FileVocabulary.anywhere)),
            (.address, WordTable.split(Self.address)),
            (.java, WordTable.split(CodeVocabulary.javaPackages)),
            (.java, WordTable.split(CodeVocabulary.javaGadgets)),
            (.code, WordTable.split(Self.code)), (.php, WordTable.split(Self.php)),
            (.php, WordTable.split(CodeVocabulary.phpDirectives).filter { $0.count > 5 }),
            (.xml, WordTable.split(Self.xml)), (.command, WordTable.split(Self.commands)),
            (.scanner, AgentVocabulary.words(AgentVocabulary.scanners)),
            (.http, [Array("http/".utf8)]),
        ]
        for (gates, phrase) in Self.phrases {
            let bytes = unsafe UnsafeBufferPointer(
                start: phrase.utf8Start, count: phrase.utf8CodeUnitCount)
            unsafe lists.append((gates, [Array(bytes)]))
        }
        lists.append(
            (
                .windows,
                WordTable.split(CommandVocabulary.nouns).map { [UInt8(ascii: "-")] + $0 }
            ))
        return KeywordAutomaton(lists, wordBytesMax: KeywordAutomaton.prefixBytesMax)
    }()

    /// Names that are an attack as a whole value.
    static let wholeWords = WordTable([(1, SQLVocabulary.databases)])
}
