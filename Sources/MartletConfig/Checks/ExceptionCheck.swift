/// Exceptions whose end would change nothing.
enum ExceptionCheck {
    /// A route that is open for a while has to have a policy to go back to.
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        for route in document.routes {
            guard let terms = route.$authentication.exception else { continue }
            var strict = route
            strict.$authentication = Excepted(.inherited)
            guard !document.asksWhoCalls(strict) else { continue }
            decoder.diagnostics.append(
                Diagnostic(
                    .error, at: terms.source, path: terms.place,
                    "when this exception is over, the route is as open as before: "
                        + "no default policy takes its place",
                    hint: "give `authentication.default`, or one of the listener; or write "
                        + "`authentication: none`"))
        }
    }
}
