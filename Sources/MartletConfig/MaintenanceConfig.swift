/// A route that is out of service for a while, on purpose.
package struct MaintenanceConfig: Sendable, Equatable {
    package var isOn = true
    /// When clients may ask again.
    package var retryAfter: Duration = .seconds(60)
    /// Blocks of addresses that are served all the same.
    package var allow: [String] = []
    /// In place of a problem document.
    package var respond: StaticReplyConfig?

    package init() {}
}
