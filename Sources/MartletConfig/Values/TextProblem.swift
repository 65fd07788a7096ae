/// Why a text is not the value that was expected, and how to mend it.
struct TextProblem: Error, Equatable {
    let message: String
    let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
