import MartletHTTP
import Testing

@Suite struct HTTP2ErrorCodeTests {
    /// RFC 9113 §7.
    @Test(
        arguments: [
            (0x0, HTTP2ErrorCode.noError), (0x1, .protocolError), (0x2, .internalError),
            (0x3, .flowControlError), (0x4, .settingsTimeout), (0x5, .streamClosed),
            (0x6, .frameSizeError), (0x7, .refusedStream), (0x8, .cancel), (0x9, .compressionError),
            (0xa, .connectError), (0xb, .enhanceYourCalm), (0xc, .inadequateSecurity),
            (0xd, .http11Required),
        ] as [(UInt32, HTTP2ErrorCode)])
    func code(wire: UInt32, code: HTTP2ErrorCode) {
        #expect(HTTP2ErrorCode(wire: wire) == code)
        #expect(code.rawValue == wire)
    }

    @Test(arguments: [0xe, 0xff, 0xffff_ffff] as [UInt32])
    func unknownCodesAreInternalErrors(wire: UInt32) {
        #expect(HTTP2ErrorCode(wire: wire) == .internalError)
    }
}
