/// Until when an exception to a strict rule holds, and why it is made (row C12).
///
/// Part of each setting that takes a protection away; the setting is as if it were not there once
/// the exception is over, without a reload.
package struct ExceptionConfig: Sendable, Equatable {
    /// Seconds since 1970 from which it holds no more; `nil` never ends, of which `validate` warns.
    package var end: Int64?
    /// For whoever reads the file, the log or a report; never sent to a client.
    package var reason = ""
    /// The key that it stands under, such as `upstreams.orders.tls.insecure`.
    package var place = ""
    package var source = SourceLocation.unknown

    package init() {}

    /// What the two keys would be read as; `nil` if the first is no date.
    package init?(until text: String, reason: String) {
        guard let end = try? MomentText.end(text) else { return nil }
        self.end = end
        self.reason = reason
    }

    /// - `seconds`: since 1970.
    package func isInForce(at seconds: Int64) -> Bool { self.end.map { seconds < $0 } ?? true }
}

/// A setting that is an exception: its record has the keys `until` and `reason` beside its own.
package protocol ExceptionCarrying: Sendable {
    var exception: ExceptionConfig { get set }
}
