import MartletAlgorithms
import Testing

@Suite struct BulkheadTests {
    @Test(arguments: Bulkhead.Place.allCases)
    func eachPlaceHasItsOwnLimit(place: Bulkhead.Place) {
        var bulkhead = Bulkhead(
            limits: BulkheadLimits(connections: 1, requests: 2, pending: 3, retries: 4))
        let limit = UInt32(place.rawValue) + 1
        for _ in 0..<limit { #expect(bulkhead.take(place) == true) }
        #expect(bulkhead.take(place) == false)
        #expect(bulkhead.used(place) == limit)
        for other in Bulkhead.Place.allCases where other != place {
            #expect(bulkhead.used(other) == 0)
        }
        bulkhead.give(place)
        #expect(bulkhead.take(place) == true)
    }

    @Test func whatWasNotTakenCannotBeGiven() {
        var bulkhead = Bulkhead(limits: BulkheadLimits(retries: 0))
        #expect(bulkhead.take(.retry) == false)
        bulkhead.give(.retry)
        #expect(bulkhead.used(.retry) == 0)
    }

    @Test func aLowerLimitRefusesNewcomersOnly() {
        var bulkhead = Bulkhead(limits: BulkheadLimits(requests: 3))
        for _ in 0..<3 { _ = bulkhead.take(.request) }
        bulkhead.update(to: BulkheadLimits(requests: 1))
        #expect(bulkhead.used(.request) == 3)
        bulkhead.give(.request)
        bulkhead.give(.request)
        #expect(bulkhead.take(.request) == false)
        bulkhead.give(.request)
        #expect(bulkhead.take(.request) == true)
    }
}
