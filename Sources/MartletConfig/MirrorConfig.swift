/// Another upstream that gets a copy of some of a route's requests, and whose answers are compared.
package struct MirrorConfig: Sendable, Equatable {
    /// Names it in `/v1/mirrors`, logs and metrics; empty is the route's name.
    package var name = ""
    package var source = SourceLocation.unknown
    package var upstream = ""
    /// Of the requests, in hundredths of a percent.
    package var share = 10_000
    /// Also methods that are not safe.
    package var includesUnsafe = false
    /// Of a body, the request's or an answer's; with a larger one a request is not mirrored.
    package var bodyBytesMax = 256 * 1024
    /// Requests under way at the same time, over all workers.
    package var inFlightMax = 64
    package var timeout: Duration = .seconds(10)
    /// Fields of the answers that have to be the same.
    package var headers = ["content-type"]
    /// Places in JSON bodies that may differ.
    package var ignore: [String] = []
    /// Samples show what stood in both bodies.
    package var showsValues = false

    package init() {}
}
