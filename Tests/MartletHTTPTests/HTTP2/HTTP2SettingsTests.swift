import MartletHTTP
import Testing

@Suite struct HTTP2SettingsTests {
    @Test func everySettingIsTaken() {
        var settings = HTTP2Settings()
        let payload = hex(
            """
            0001 00001000 0002 00000000 0003 00000064 0004 7fffffff
            0005 00ffffff 0006 00008000 0008 00000001 000a ffffffff
            """)
        #expect(settings.take(payload[...]) == nil)
        #expect(settings.headerTableBytesMax == 4096)
        #expect(!settings.allowsPush)
        #expect(settings.concurrentStreamsMax == 100)
        #expect(settings.initialWindowSize == 0x7fff_ffff)
        #expect(settings.framePayloadBytesMax == 0xff_ffff)
        #expect(settings.headerListBytesMax == 32 * 1024)
        #expect(settings.allowsConnectProtocol)
    }

    @Test func theLastOfTwoCounts() {
        var settings = HTTP2Settings()
        let payload = hex("0004 00000001 0004 00000002")
        #expect(settings.take(payload[...]) == nil)
        #expect(settings.initialWindowSize == 2)
    }

    static let faults: [(String, HTTP2Settings.Sender, HTTP2Violation?)] = [
        ("", .client, nil),
        ("0002 00000001", .client, nil),
        ("0002 00000001", .server, .connection(.protocolError)),
        ("0002 00000000", .server, nil),
        ("0002 00000002", .client, .connection(.protocolError)),
        ("0004 80000000", .client, .connection(.flowControlError)),
        ("0005 00003fff", .client, .connection(.protocolError)),
        ("0005 00004000", .client, nil),
        ("0005 01000000", .client, .connection(.protocolError)),
        ("0008 00000002", .client, .connection(.protocolError)),
        ("0008 00000001 0008 00000000", .client, .connection(.protocolError)),
        ("0000 00000000", .client, nil),
        ("ffff ffffffff", .client, nil),
        ("0007 00000000", .client, nil),
        ("0001 000000", .client, .connection(.frameSizeError)),
    ]

    @Test(arguments: faults)
    func fault(text: String, sender: HTTP2Settings.Sender, violation: HTTP2Violation?) {
        var settings = HTTP2Settings()
        #expect(settings.take(hex(text)[...], from: sender) == violation)
    }

    @Test func whatHoldsAnywayIsNotWritten() {
        let bytes = written { HTTP2Settings().write(to: &$0) }
        #expect(bytes == hex("000000 04 00 00000000"))
    }

    @Test func whatIsWrittenIsRead() throws {
        var settings = HTTP2Settings()
        settings.headerTableBytesMax = 0
        settings.allowsPush = false
        settings.concurrentStreamsMax = 128
        settings.initialWindowSize = 1 << 20
        settings.framePayloadBytesMax = 1 << 15
        settings.headerListBytesMax = 1 << 14
        settings.allowsConnectProtocol = true
        let bytes = try #require(written { settings.write(to: &$0) })
        let header = try #require(HTTP2FrameHeader.read(bytes, at: 0))
        #expect(header.type == .settings)
        #expect(header.payloadCount == bytes.count - 9)
        var read = HTTP2Settings()
        #expect(read.take(bytes[9...]) == nil)
        #expect(read == settings)
    }
}
