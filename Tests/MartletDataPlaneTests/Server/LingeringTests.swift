import MartletDataPlane
import Testing

@Suite struct LingeringTests {
    @Test func whatTheClientSendsIsBounded() {
        var lingering = Lingering()
        let isAllowed = [Lingering.droppedBytesMax, 1].map { lingering.drops($0) }
        #expect(isAllowed == [true, false])
    }
}
