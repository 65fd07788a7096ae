/// Where Martlet may connect to, beyond what the whole Internet can reach.
package struct EgressConfig: Sendable, Equatable {
    /// Address blocks, such as `10.0.0.0/8`, that host names may stand for.
    @ExceptedList package var allow: [String] = []

    package init() {}
}
