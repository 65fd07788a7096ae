/// What one endpoint may get of an upstream's traffic: plain values from the configuration.
package struct EndpointShare: Sendable, BitwiseCopyable, Equatable {
    /// Names the endpoint over reloads, workers and processes: a hash of its configured address.
    package var identifier: UInt64
    /// Relative to the others of its tier; 0 takes none.
    package var weight: UInt32
    /// In which order groups of endpoints are used, the lowest first: see `Locality`.
    package var tier: UInt16
    /// Requests that one worker may have in flight to it, at least 1.
    package var inFlightMax: UInt32

    package init(
        identifier: UInt64, weight: UInt32 = 1, tier: UInt16 = 0, inFlightMax: UInt32 = .max
    ) {
        self.identifier = identifier
        self.weight = weight
        self.tier = tier
        self.inFlightMax = max(inFlightMax, 1)
    }
}

/// How far an endpoint is from this process.
package enum Locality: UInt16, Sendable, CaseIterable {
    case sameZone
    case sameRegion
    case elsewhere

    /// Compares places by number; without a place of one's own, or an endpoint without one, nothing
    /// is far.
    package init(zone: UInt32?, region: UInt32?, ownZone: UInt32?, ownRegion: UInt32?) {
        if let region, let ownRegion, region != ownRegion {
            self = .elsewhere
        } else if let zone, let ownZone, zone != ownZone {
            self = .sameRegion
        } else {
            self = .sameZone
        }
    }

    /// The tier of an endpoint: priorities first, and near before far within each of them.
    package func tier(priority: UInt16) -> UInt16 {
        min(priority, UInt16.max / 3 - 1) &* 3 &+ self.rawValue
    }
}
