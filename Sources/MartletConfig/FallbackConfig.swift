/// What a client gets when the route's upstream does not answer.
package struct FallbackConfig: Sendable, Equatable {
    /// Asked in its place.
    package var upstream: String?
    /// Answered when there is no other upstream, or it does not answer either.
    package var respond: StaticReplyConfig?
    /// Answers that count as none.
    package var statuses: [Int] = []
    /// Also methods that are not idempotent, where the upstream may have looked at the request.
    package var includesUnsafe = false
    package var source = SourceLocation.unknown

    package init() {}
}
