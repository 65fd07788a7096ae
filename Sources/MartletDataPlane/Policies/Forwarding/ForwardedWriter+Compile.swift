package import MartletConfig
package import MartletHTTP

extension ForwardedWriter {
    package init(_ config: ForwardedConfig) {
        let client: Client =
            switch config.client {
            case .append: .append
            case .replace: .replace
            case .mask: .mask
            case .off: .off
            }
        self.init(client: client, xForwarded: config.xForwarded, rfc7239: config.rfc7239)
    }
}
