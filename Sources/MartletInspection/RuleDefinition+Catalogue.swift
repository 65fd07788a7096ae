extension RuleDefinition {
    /// All rules, in the order of `InspectionRule`.
    package static let catalogue: [RuleDefinition] =
        Self.queries + Self.pages + Self.files + Self.commands + Self.code + Self.others

    private static let queries: [RuleDefinition] = [
        .init(.sqlUnion, "sql-union", .sqlInjection, .critical, .standard, "UNION SELECT"),
        .init(
            .sqlSelect, "sql-select", .sqlInjection, .critical, .standard,
            "a SELECT with columns and a table"),
        .init(
            .sqlTautology, "sql-tautology", .sqlInjection, .critical, .standard,
            "a condition that is added with OR or AND"),
        .init(
            .sqlQuoteEnd, "sql-quote-end", .sqlInjection, .critical, .standard,
            "a quote, then the statement's end or a comment"),
        .init(
            .sqlStacked, "sql-stacked", .sqlInjection, .critical, .standard,
            "a second statement behind a semicolon"),
        .init(
            .sqlStatement, "sql-statement", .sqlInjection, .critical, .standard,
            "INSERT, UPDATE, DROP and the like as a whole statement"),
        .init(
            .sqlFunction, "sql-function", .sqlInjection, .critical, .standard,
            "a call of a database function"),
        .init(
            .sqlCatalogue, "sql-catalogue", .sqlInjection, .critical, .standard,
            "a name from a database's own tables"),
        .init(
            .sqlCast, "sql-cast", .sqlInjection, .critical, .standard,
            "a PostgreSQL cast or JSON operator"),
        .init(
            .sqlClause, "sql-clause", .sqlInjection, .critical, .standard,
            "CASE WHEN, HAVING, INTO OUTFILE, AS … FROM"),
        .init(
            .sqlComment, "sql-comment", .sqlInjection, .critical, .standard,
            "a comment inside of an SQL expression"),
        .init(
            .sqlDelay, "sql-delay", .sqlInjection, .critical, .standard,
            "WAITFOR DELAY, SLEEP and the like"),
        .init(
            .sqlNumberTrick, "sql-number-trick", .sqlInjection, .critical, .standard,
            "1.e(…) and @.:=, which only hide SQL"),
        .init(
            .sqlComparison, "sql-comparison", .sqlInjection, .critical, .strict,
            "a comparison where a value was expected"),
        .init(
            .sqlWord, "sql-word", .sqlInjection, .critical, .strict,
            "words of SQL in an order that SQL knows"),
        .init(
            .noSQLOperator, "nosql-operator", .noSQLInjection, .critical, .standard,
            "a MongoDB operator as a name"),
        .init(
            .noSQLScript, "nosql-script", .noSQLInjection, .critical, .standard,
            "a MongoDB operator inside of a value"),
        .init(
            .ldapFilter, "ldap-filter", .directoryInjection, .critical, .standard,
            "the end of an LDAP filter and the start of another"),
        .init(
            .xpathExpression, "xpath-expression", .directoryInjection, .critical, .standard,
            "the end of an XPath text and more of the expression"),
    ]

    private static let pages: [RuleDefinition] = [
        .init(
            .xssTag, "xss-tag", .crossSiteScripting, .critical, .standard,
            "a tag that runs or loads something"),
        .init(
            .xssEvent, "xss-event", .crossSiteScripting, .critical, .standard, "event attributes"),
        .init(
            .xssScriptURL, "xss-script-url", .crossSiteScripting, .critical, .standard,
            "javascript:, vbscript:, data:text/html"),
        .init(
            .xssScriptCall, "xss-script-call", .crossSiteScripting, .critical, .standard,
            "a call that scripts in pages make"),
        .init(
            .xssProperty, "xss-property", .crossSiteScripting, .critical, .standard,
            "document.cookie, window.location and the like"),
        .init(
            .xssObfuscation, "xss-obfuscation", .crossSiteScripting, .critical, .standard,
            "script that hides what it calls"),
        .init(
            .xssMarkup, "xss-markup", .crossSiteScripting, .critical, .strict,
            "any tag or comment of HTML"),
    ]

    private static let files: [RuleDefinition] = [
        .init(
            .fileTraversal, "file-traversal", .pathTraversal, .critical, .standard,
            "../ in any spelling"),
        .init(
            .fileSensitive, "file-sensitive", .pathTraversal, .critical, .standard,
            "a file of the system or of a deployment"),
        .init(
            .fileHidden, "file-hidden", .pathTraversal, .critical, .standard,
            "a hidden file or folder in the path"),
        .init(
            .fileExtension, "file-extension", .pathTraversal, .critical, .standard,
            "a backup, dump, key or settings file"),
        .init(
            .fileWrapper, "file-wrapper", .pathTraversal, .critical, .standard,
            "php://, file://, expect:// and other wrappers"),
        .init(
            .fileHexTraversal, "file-hex-traversal", .pathTraversal, .critical, .standard,
            "dots and slashes as 0x2e, 0x2f"),
        .init(
            .includeRemote, "include-remote", .remoteFileInclusion, .critical, .standard,
            "a URL that cuts off what is appended"),
        .init(
            .includeAddress, "include-address", .remoteFileInclusion, .critical, .standard,
            "a URL with a bare address"),
        .init(
            .forgeryMetadata, "forgery-metadata", .requestForgery, .critical, .standard,
            "a cloud's metadata service"),
        .init(
            .forgeryLocal, "forgery-local", .requestForgery, .critical, .standard,
            "a URL or host that is the server itself"),
        .init(
            .forgeryAddress, "forgery-address", .requestForgery, .critical, .standard,
            "an address spelled so that filters miss it"),
        .init(
            .forgeryProxy, "forgery-proxy", .requestForgery, .critical, .standard,
            "a socket path in front of a URL"),
    ]

    private static let commands: [RuleDefinition] = [
        .init(
            .commandSeparated, "command-separated", .commandInjection, .critical, .standard,
            "a command behind a separator"),
        .init(
            .commandDirect, "command-direct", .commandInjection, .critical, .standard,
            "a command line as the value"),
        .init(
            .commandPath, "command-path", .commandInjection, .critical, .standard,
            "/bin/… and $SHELL"),
        .init(
            .commandSubstitution, "command-substitution", .commandInjection, .critical, .standard,
            "$(…), ${…}, `…`, <(…)"),
        .init(
            .commandGlob, "command-glob", .commandInjection, .critical, .standard,
            "a path hidden with shell patterns"),
        .init(
            .commandShorthand, "command-shorthand", .commandInjection, .critical, .standard,
            "~+, ~-, !-1"),
        .init(
            .commandShellFunction, "command-shell-function", .commandInjection, .critical,
            .standard, "() { as in Shellshock"),
        .init(
            .commandShellDevice, "command-shell-device", .commandInjection, .critical, .standard,
            "/dev/tcp, $IFS, <<<"),
        .init(
            .commandAlias, "command-alias", .commandInjection, .critical, .standard,
            "an alias is defined"),
        .init(
            .commandPowerShell, "command-powershell", .commandInjection, .critical, .standard,
            "a PowerShell command"),
        .init(
            .commandBatch, "command-batch", .commandInjection, .critical, .standard,
            "FOR and IF of cmd.exe"),
        .init(
            .commandWeak, "command-weak", .commandInjection, .critical, .strict,
            "a command's name where a value was expected"),
    ]

    private static let code: [RuleDefinition] = [
        .init(.phpTag, "php-tag", .codeInjection, .critical, .standard, "a PHP tag"),
        .init(
            .phpVariable, "php-variable", .codeInjection, .error, .standard,
            "$_GET and the like, which by itself only reads"
        ),
        .init(
            .phpFunction, "php-function", .codeInjection, .critical, .standard,
            "a call of a PHP function"),
        .init(
            .phpVariableCall, "php-variable-call", .codeInjection, .critical, .standard,
            "a call of what a variable names"),
        .init(
            .phpObject, "php-object", .codeInjection, .critical, .standard,
            "a serialised PHP object"),
        .init(
            .phpDirective, "php-directive", .codeInjection, .critical, .standard, "a PHP setting"),
        .init(
            .javaClass, "java-class", .codeInjection, .critical, .standard,
            "a name from Java's class libraries"),
        .init(
            .javaGadget, "java-gadget", .codeInjection, .critical, .standard,
            "a class that deserialising attacks use"),
        .init(
            .javaSerialised, "java-serialised", .codeInjection, .critical, .strict,
            "a serialised Java object"),
        .init(
            .expressionLanguage, "expression-language", .codeInjection, .critical, .standard,
            "${jndi:…}, %{…}, #_memberAccess"),
        .init(
            .templateExpression, "template-expression", .codeInjection, .critical, .standard,
            "{{…}}, <%= … %> with something to work out"),
        .init(
            .nodeCode, "node-code", .codeInjection, .critical, .standard, "server JavaScript"),
        .init(
            .prototypePollution, "prototype-pollution", .codeInjection, .critical, .standard,
            "__proto__, constructor.prototype"),
        .init(.endlessLoop, "endless-loop", .codeInjection, .critical, .standard, "while(true)"),
        .init(
            .scriptingCode, "scripting-code", .codeInjection, .critical, .standard,
            "Ruby, Perl and Python that start processes"),
        .init(
            .uploadExecutable, "upload-executable", .codeInjection, .critical, .standard,
            "a file name that a server would run"),
        .init(
            .sessionFile, "session-file", .codeInjection, .critical, .standard,
            "the name of a PHP session file"),
    ]

    private static let others: [RuleDefinition] = [
        .init(
            .headerSplit, "header-split", .headerInjection, .critical, .standard,
            "a line break, then a field or markup"),
        .init(
            .headerRequestLine, "header-request-line", .headerInjection, .critical, .standard,
            "a request line inside of a value"),
        .init(
            .headerControl, "header-control", .headerInjection, .critical, .standard,
            "a line break in the path or a cookie"),
        .init(
            .xmlEntity, "xml-entity", .xmlInjection, .critical, .standard,
            "a document type with entities"),
        .init(
            .xmlInclude, "xml-include", .xmlInjection, .critical, .standard,
            "XInclude and outside schemas"),
        .init(
            .scannerAgent, "scanner-agent", .scanner, .critical, .standard,
            "the user agent of a scanner"),
        .init(
            .ambiguousEncoding, "ambiguous-encoding", .ambiguity, .notice, .standard,
            "encoded more than once"),
        .init(
            .ambiguousLetter, "ambiguous-letter", .ambiguity, .critical, .standard,
            "a plain letter as \\u escape"),
        .init(.ambiguousNull, "ambiguous-null", .ambiguity, .critical, .standard, "a NUL byte"),
        .init(
            .ambiguousOverlong, "ambiguous-overlong", .ambiguity, .critical, .standard,
            "overlong UTF-8"),
        .init(
            .ambiguousContentType, "ambiguous-content-type", .ambiguity, .critical, .standard,
            "a content type that cannot be read"),
        .init(
            .ambiguousCharset, "ambiguous-charset", .ambiguity, .critical, .standard,
            "an unknown charset"),
        .init(
            .ambiguousMultipart, "ambiguous-multipart", .ambiguity, .critical, .standard,
            "a multipart body that readers take apart differently"),
        .init(
            .ambiguousMultipartName, "ambiguous-multipart-name", .ambiguity, .critical, .standard,
            "a multipart name with quotes or semicolons"),
        .init(
            .ambiguousJSON, "ambiguous-json", .ambiguity, .warning, .standard,
            "a JSON body that is none"),
        .init(
            .ambiguousXML, "ambiguous-xml", .ambiguity, .warning, .standard,
            "an XML body that is none"),
        .init(
            .ambiguousTooMany, "ambiguous-too-many", .ambiguity, .critical, .standard,
            "more parameters or bytes than are looked at"),
    ]
}
