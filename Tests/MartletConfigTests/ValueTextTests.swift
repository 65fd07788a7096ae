import MartletConfig
import Testing

/// The values of the language, each read through the key that uses it.
@Suite struct ValueTextTests {
    private func document(_ text: String) -> ConfigDocument? {
        ConfigLoader.load(
            text: "routes: [{ respond: 204 }]\n\(text)\n", file: "a.yaml", environment: [:]
        ).document
    }

    private func listener(_ text: String) -> ListenerConfig? {
        self.document("listeners: { a: { address: \":1\", \(text) } }")?.listeners.first
    }

    @Test(arguments: [
        ("1ms", Duration.milliseconds(1)), ("5s", .seconds(5)), ("0250ms", .milliseconds(250)),
        ("1m", .seconds(60)), ("2h", .seconds(7200)), ("1m30s", .seconds(90)),
        ("1h1m1s1ms", .milliseconds(3_661_001)), ("90s", .seconds(90)),
        ("8760h", .seconds(31_536_000)),
    ])
    func durations(text: String, expected: Duration) {
        #expect(self.listener("timeouts: { idle: \(text) }")?.timeouts.idle == expected)
    }

    @Test(arguments: [
        "\"\"", "s", "5", "5S", "-5s", "+5s", "1.5s", "5 s", "1s1m", "1s1s", "1d", "5sec", "1m 30s",
        "8761h", "9999999999999s", "99999999999999999999h", "0s", "٣s",
    ])
    func wrongDurations(text: String) {
        #expect(self.listener("timeouts: { idle: \(text) }") == nil)
    }

    @Test(arguments: [
        ("0B", 0), ("512B", 512), ("1KiB", 1024), ("64KB", 64000), ("10MiB", 10 << 20),
        ("2MB", 2_000_000),
        ("3GiB", 3 << 30), ("3GB", 3_000_000_000),
    ])
    func sizes(text: String, expected: Int) {
        #expect(self.listener("limits: { max-body: \(text) }")?.limits.maxBodyBytes == expected)
    }

    @Test(arguments: [
        "\"\"", "B", "1", "-1B", "1.5MiB", "1 MiB", "1mib", "1TiB", "1KiB1B",
        "9223372036854775807KiB",
        "99999999999999999999B",
    ])
    func wrongSizes(text: String) {
        #expect(self.listener("limits: { max-body: \(text) }") == nil)
    }

    @Test(arguments: [
        (":8080", "0.0.0.0", 8080), ("0.0.0.0:0", "0.0.0.0", 0),
        ("127.0.0.1:65535", "127.0.0.1", 65535),
        ("[::]:80", "::", 80), ("[2001:DB8::1]:80", "2001:db8::1", 80),
        ("localhost:80", "localhost", 80),
        ("[::ffff:1.2.3.4]:80", "::ffff:1.2.3.4", 80),
    ])
    func addresses(text: String, host: String, port: Int) {
        let expected = SocketAddressConfig(host: host, port: port)
        #expect(
            self.document("listeners: { a: \"\(text)\" }")?.listeners.first?.address == expected)
    }

    @Test(arguments: [
        "", ":", "8080", "0.0.0.0", "0.0.0.0:", "0.0.0.0:65536", "0.0.0.0:-1", "0.0.0.0:+1",
        "0.0.0.0:8o",
        "::1:80", "[::1", "[::1]", "[::1]80", "[1.2.3.4]:80", "[::1%eth0]:80", "1.2.3:80",
        "01.2.3.4:80",
        "1.2.3.4.5:80", "0x7f.0.0.1:80", "[1:2:3:4:5:6:7]:80", "[1::2::3]:80", "[12345::]:80",
        "a b:80",
        "-a:80", "a..b:80", "http://a:80", "é:80",
    ])
    func wrongAddresses(text: String) {
        #expect(self.document("listeners: { a: \"\(text)\" }") == nil)
    }

    @Test(arguments: [
        "10.0.0.0/8", "10.1.2.3", "10.1.2.3/32", "0.0.0.0/0", "192.168.4.0/22", "::/0",
        "2001:db8::/32",
        "fe80::1", "2001:db8::8000/113",
    ])
    func networks(text: String) {
        #expect(self.listener("trusted-proxies: \"\(text)\"")?.trustedProxies == [text])
    }

    @Test(arguments: [
        "", "10", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.1/8",
        "10.0.0.0/8/8",
        "::/129", "2001:db8::1/32", "localhost", "192.168.4.0/21",
    ])
    func wrongNetworks(text: String) {
        #expect(self.listener("trusted-proxies: \"\(text)\"") == nil)
    }

    @Test(arguments: [
        ("http://a", "a", 80), ("HTTP://A.b:81/", "a.b", 81), ("http://[::1]", "::1", 80),
        ("http://10.0.0.1:1", "10.0.0.1", 1), ("http://my_service:1", "my_service", 1),
    ])
    func endpoints(text: String, host: String, port: Int) {
        let document = self.document("listeners: { a: \":1\" }\nupstreams: { u: \"\(text)\" }")
        let endpoint = document?.upstreams.first?.endpoints.first
        #expect(endpoint?.host == host)
        #expect(endpoint?.port == port)
    }
}
