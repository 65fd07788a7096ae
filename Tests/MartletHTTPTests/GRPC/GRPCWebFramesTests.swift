import MartletHTTP
import Testing

@Suite struct GRPCWebFramesTests {
    @Test func trailersBecomeAFrame() {
        var trailers = HeaderList()
        trailers.add(name: Array("Grpc-Status".utf8).span, value: Array("0".utf8).span)
        trailers.add(name: Array("x-a".utf8).span, value: Array("b c".utf8).span)
        let lines = Array("grpc-status:0\r\nx-a:b c\r\n".utf8)
        #expect(GRPCWebFrames.trailers(trailers) == [0x80, 0, 0, 0, UInt8(lines.count)] + lines)
    }

    @Test func whatWasRemovedIsLeftOut() {
        var trailers = HeaderList()
        trailers.add(name: Array("grpc-status".utf8).span, value: Array("0".utf8).span)
        trailers.markRemoved(at: 0)
        #expect(GRPCWebFrames.trailers(trailers) == [0x80, 0, 0, 0, 0])
    }
}
