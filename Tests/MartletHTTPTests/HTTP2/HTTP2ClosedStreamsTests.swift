import MartletHTTP
import Testing

@Suite struct HTTP2ClosedStreamsTests {
    @Test func remembersTheLastStreamsOnly() {
        var closed = HTTP2ClosedStreams(capacity: 16)
        for id in stride(from: UInt32(1), through: 39, by: 2) { closed.insert(id, .resetByUs) }
        #expect(closed[39] == .resetByUs)
        #expect(closed[9] == .resetByUs)
        #expect(closed[7] == nil)
        #expect(closed[41] == nil)
    }

    @Test func tellsHowEachEnded() {
        var closed = HTTP2ClosedStreams()
        closed.insert(1, .ended)
        closed.insert(3, .resetByPeer)
        closed.insert(5, .resetByUs)
        #expect(closed[1] == .ended)
        #expect(closed[3] == .resetByPeer)
        #expect(closed[5] == .resetByUs)
        closed.insert(5, .ended)
        #expect(closed[5] == .ended)
    }
}
