/// Why a policy cannot be compiled from its configuration.
///
/// The configuration's validator finds the same faults with their places; this is the second lock
/// on the door, for documents that did not come through it.
package struct InvalidPolicy: Error, Sendable, Equatable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
