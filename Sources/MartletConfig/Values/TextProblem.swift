/// Why a text is not the value that was expected, and how to mend it.
struct TextProblem: Error, Equatable {
    let message: String
    let hint: String?
    /// What is wrong with "it", told without the value: for secrets.
    ///
    /// Its hint shows no value.
    let neutral: String?

    init(_ message: String, hint: String? = nil, neutral: String? = nil) {
        self.message = message
        self.hint = hint
        self.neutral = neutral
    }
}
