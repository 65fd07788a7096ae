import MartletAlgorithms
import Testing

@Suite struct StatusSetTests {
    @Test func holdsWhatWasPutIn() {
        let statuses = StatusSet([400, 429, 463, 464, 500, 503, 599])
        let found = (0...1000 as ClosedRange<UInt16>).filter { statuses.contains($0) }
        #expect(found == [400, 429, 463, 464, 500, 503, 599])
    }

    @Test func whatIsNoErrorIsNeverIn() {
        let statuses = StatusSet([0, 200, 399, 600, .max])
        #expect(statuses == StatusSet())
        #expect(!statuses.contains(200))
    }
}
