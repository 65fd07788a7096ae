import MartletAlgorithms
import Testing

@Suite struct EndpointShareTests {
    @Test func anEndpointIsUnlimitedAndOfTheFirstTierUnlessSaid() {
        let share = EndpointShare(identifier: 5)
        #expect(share.weight == 1)
        #expect(share.tier == 0)
        #expect(share.inFlightMax == .max)
    }

    @Test(
        arguments: [
            (1, 1, 1, 1, .sameZone), (2, 1, 1, 1, .sameRegion), (1, 2, 1, 1, .elsewhere),
            (nil, 1, 1, 1, .sameZone), (2, nil, 1, 1, .sameRegion), (2, 2, nil, nil, .sameZone),
            (nil, 2, 1, 1, .elsewhere), (nil, nil, nil, nil, .sameZone),
        ] as [(UInt32?, UInt32?, UInt32?, UInt32?, Locality)])
    func distanceFollowsFromZoneAndRegion(
        zone: UInt32?, region: UInt32?, ownZone: UInt32?, ownRegion: UInt32?, expected: Locality
    ) {
        let locality = Locality(
            zone: zone, region: region, ownZone: ownZone, ownRegion: ownRegion)
        #expect(locality == expected)
    }

    @Test func prioritiesComeBeforeDistances() {
        let tiers = [0, 1, 2].flatMap { priority in
            Locality.allCases.map { $0.tier(priority: UInt16(priority)) }
        }
        #expect(tiers == Array(0..<9))
        #expect(Locality.elsewhere.tier(priority: .max) <= .max)
    }
}
