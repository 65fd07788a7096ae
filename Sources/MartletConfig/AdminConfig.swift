/// The operator's listener: health, metrics, status.
package struct AdminConfig: Sendable, Equatable {
    package var enabled = true
    /// Must be a loopback address: there is no authentication yet.
    package var address = SocketAddressConfig(host: "127.0.0.1", port: 9900)

    package init() {}
}
