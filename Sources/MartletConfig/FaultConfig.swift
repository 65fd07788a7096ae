/// Trouble that is made on purpose, for drills.
package struct FaultConfig: Sendable, Equatable {
    /// The status that some requests are answered with.
    package var status: Int?
    /// In hundredths of a percent of the requests.
    package var statusShare = 10_000
    package var delay: Duration?
    package var delayShare = 10_000

    package init() {}
}
