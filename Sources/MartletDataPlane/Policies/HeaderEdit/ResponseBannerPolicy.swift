package import MartletHTTP

/// Hides what upstreams tell of their software (row A3): on by default for every response.
package struct ResponseBannerPolicy: Sendable, BitwiseCopyable, Equatable {
    private static let banners: [HeaderName] = [
        .server, .xPoweredBy, .xAspNetVersion, .xAspNetMVCVersion,
    ]

    private let hidden: UInt64

    /// - Parameter keep: names, in any case, that a route shows after all.
    package init(keep: [String]) {
        var hidden: UInt64 = 0
        for banner in Self.banners
        where !keep.contains(where: { $0.lowercased() == banner.text.description }) {
            hidden |= banner.bit
        }
        self.hidden = hidden
    }

    package func apply(to headers: inout HeaderList) {
        headers.remove(anyOf: self.hidden)
    }
}
