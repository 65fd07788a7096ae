import MartletHTTP
import Testing

@Suite struct HTTP2FramePayloadTests {
    static func header(
        _ type: HTTP2FrameType, _ payload: [UInt8], _ flags: HTTP2FrameFlags = [],
        streamID: UInt32 = 1
    ) -> HTTP2FrameHeader {
        HTTP2FrameHeader(type, payloadCount: payload.count, flags: flags, streamID: streamID)
    }

    static func data(
        _ text: String, _ flags: HTTP2FrameFlags
    ) -> Result<Range<Int>, HTTP2Violation> {
        let payload = hex(text)
        return HTTP2FramePayload.data(Self.header(.data, payload, flags), payload.span)
    }

    @Test func paddingIsTakenAway() {
        #expect(Self.data("", []) == .success(0..<0))
        #expect(Self.data("aabb", []) == .success(0..<2))
        #expect(Self.data("00 aabb", .padded) == .success(1..<3))
        #expect(Self.data("02 aabb 0000", .padded) == .success(1..<3))
        #expect(Self.data("02 0000", .padded) == .success(1..<1))
        #expect(Self.data("03 0000", .padded) == .failure(.connection(.protocolError)))
        #expect(Self.data("ff", .padded) == .failure(.connection(.protocolError)))
        #expect(Self.data("", .padded) == .failure(.connection(.frameSizeError)))
    }

    @Test func dataCanBeReadBeforeItHasAllCome() {
        let header = HTTP2FrameHeader(.data, payloadCount: 100, flags: .padded, streamID: 1)
        let payload = hex("0a")
        #expect(HTTP2FramePayload.data(header, payload.span) == .success(1..<90))
    }

    static func headers(
        _ text: String, _ flags: HTTP2FrameFlags
    ) -> Result<HTTP2FramePayload.Headers, HTTP2Violation> {
        let payload = hex(text)
        return HTTP2FramePayload.headers(Self.header(.headers, payload, flags), payload.span)
    }

    @Test func headersLoseTheirPriority() throws {
        #expect(try Self.headers("8286", []).get().block == 0..<2)
        #expect(try Self.headers("00000003 10 8286", .priority).get().block == 5..<7)
        let padded = Self.headers("01 80000003 10 8286 00", [.priority, .padded])
        #expect(try padded.get().block == 6..<8)
        #expect(try !padded.get().isSelfDependent)
        #expect(
            Self.headers("03 00000003 10 8286", [.priority, .padded])
                == .failure(.connection(.protocolError)))
    }

    @Test func aStreamThatDependsOnItselfIsSeenAndItsBlockFound() throws {
        for text in ["00000001 10 82", "80000001 10 82"] {
            let headers = try Self.headers(text, .priority).get()
            #expect(headers.isSelfDependent)
            #expect(headers.block == 5..<6)
        }
    }

    static func priority(_ text: String) -> HTTP2Violation? {
        let payload = hex(text)
        return HTTP2FramePayload.priority(Self.header(.priority, payload), payload.span)
    }

    @Test func priorityIsCheckedOnly() {
        #expect(Self.priority("00000003 10") == nil)
        #expect(Self.priority("00000000 10") == nil)
        #expect(Self.priority("80000001 10") == .stream(.protocolError))
        #expect(Self.priority("00000001") == .stream(.frameSizeError))
    }

    @Test func resetStream() {
        #expect(HTTP2FramePayload.resetStream("00000008") == .success(.cancel))
        #expect(HTTP2FramePayload.resetStream("00001000") == .success(.internalError))
        #expect(
            HTTP2FramePayload.resetStream("000008")
                == .failure(.connection(.frameSizeError)))
    }

    static func pushPromise(
        _ text: String, _ flags: HTTP2FrameFlags
    ) -> Result<HTTP2FramePayload.PushPromise, HTTP2Violation> {
        let payload = hex(text)
        return HTTP2FramePayload.pushPromise(
            Self.header(.pushPromise, payload, flags), payload.span)
    }

    @Test func pushPromise() throws {
        let promise = try Self.pushPromise("01 80000002 82 00", .padded).get()
        #expect(promise.promisedStreamID == 2)
        #expect(promise.block == 5..<6)
        for text in ["00000000", "00000003"] {
            #expect(Self.pushPromise(text, []) == .failure(.connection(.protocolError)))
        }
        #expect(Self.pushPromise("000000", []) == .failure(.connection(.frameSizeError)))
        #expect(Self.pushPromise("01 00000002", .padded) == .failure(.connection(.protocolError)))
    }

    @Test func ping() {
        #expect(
            HTTP2FramePayload.ping("0123456789abcdef")
                == .success(0x0123_4567_89ab_cdef))
        #expect(
            HTTP2FramePayload.ping("01") == .failure(.connection(.frameSizeError)))
    }

    @Test func goAway() throws {
        let goAway = try HTTP2FramePayload.goAway("80000007 0000000b 6465").get()
        #expect(goAway.lastStreamID == 7)
        #expect(goAway.errorCode == .enhanceYourCalm)
        #expect(
            HTTP2FramePayload.goAway("00000007 000000")
                == .failure(.connection(.frameSizeError)))
    }

    static func windowUpdate(
        _ text: String, streamID: UInt32
    ) -> Result<Int, HTTP2Violation> {
        let payload = hex(text)
        return HTTP2FramePayload.windowUpdate(
            Self.header(.windowUpdate, payload, streamID: streamID), payload.span)
    }

    @Test func windowUpdate() {
        #expect(Self.windowUpdate("00000001", streamID: 0) == .success(1))
        #expect(Self.windowUpdate("ffffffff", streamID: 1) == .success(0x7fff_ffff))
        let zero = Self.windowUpdate("00000000", streamID: 0)
        #expect(zero == .failure(.connection(.protocolError)))
        let zeroOfAStream = Self.windowUpdate("80000000", streamID: 1)
        #expect(zeroOfAStream == .failure(.stream(.protocolError)))
        #expect(
            Self.windowUpdate("0000", streamID: 1) == .failure(.connection(.frameSizeError)))
    }
}
