import MartletAlgorithms
import Testing

@Suite struct TriedEndpointsTests {
    @Test func beginsEmpty() {
        let tried = TriedEndpoints()
        #expect(tried.isEmpty)
        #expect(tried.count == 0)
        #expect(!tried.contains(0))
    }

    @Test func remembersWhatWasTriedOnce() {
        var tried = TriedEndpoints()
        for index in [7, 0, 7, 65_536, 0] { tried.insert(index) }
        #expect(tried.count == 3)
        #expect([7, 0, 65_536].allSatisfy { tried.contains($0) })
        #expect(!tried.contains(1))
    }

    @Test func aNinthTakesTheOldestsPlace() {
        var tried = TriedEndpoints()
        for index in 0..<9 { tried.insert(index) }
        #expect(tried.count == TriedEndpoints.countMax)
        #expect(!tried.contains(0))
        #expect((1..<9).allSatisfy { tried.contains($0) })
    }
}
