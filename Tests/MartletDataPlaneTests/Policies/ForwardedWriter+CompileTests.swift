import MartletConfig
import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct ForwardedWriterCompileTests {
    @Test(arguments: [
        (ForwardedConfig.Client.append, ForwardedWriter.Client.append), (.replace, .replace),
        (.mask, .mask), (.off, .off),
    ])
    func compiles(written: ForwardedConfig.Client, compiled: ForwardedWriter.Client) {
        var config = ForwardedConfig()
        config.client = written
        config.xForwarded = written == .mask
        config.rfc7239 = written == .off
        #expect(
            ForwardedWriter(config)
                == ForwardedWriter(
                    client: compiled, xForwarded: written == .mask, rfc7239: written == .off))
    }
}
