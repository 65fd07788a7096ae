import MartletHTTP
import Testing

@Suite struct GRPCStatusTests {
    @Test(
        arguments: [
            (200, GRPCStatus.ok), (400, .internalError), (401, .unauthenticated),
            (403, .permissionDenied), (404, .unimplemented), (413, .resourceExhausted),
            (429, .resourceExhausted), (500, .unknown), (502, .unavailable), (503, .unavailable),
            (504, .deadlineExceeded), (418, .unknown),
        ] as [(UInt16, GRPCStatus)])
    func ofAnHTTPStatus(status: UInt16, code: GRPCStatus) {
        #expect(GRPCStatus(httpStatus: status) == code)
    }
}
