import MartletConfig
import MartletHTTP

extension EgressRule {
    /// What the main file allows; its entries were checked when it was read.
    init(_ config: EgressConfig) {
        self.init(allowed: AddressBlocks(blocks: config.allow) ?? .none)
    }
}
