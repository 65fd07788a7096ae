import MartletDataPlane
import MartletHTTP
import Testing

struct ComposedRequestTests {
    private static func head(
        _ url: String, headers: [String] = [], minorVersion: Int = 1
    ) -> String {
        let request = ComposedRequest(
            method: "GET", url: url, headers: headers, minorVersion: minorVersion,
            defaultHost: "localhost:8080", peer: .unspecified)
        return String(decoding: request.head, as: UTF8.self)
    }

    @Test(arguments: [
        ("http://a.example/x", "/x", "a.example"),
        ("HTTPS://a.example/x?y=z", "/x?y=z", "a.example"),
        ("http://a.example:81", "/", "a.example:81"),
        ("http://a.example?y", "/?y", "a.example"),
        ("a.example/x", "/x", "a.example"),
        ("http://[::1]:80/x#part", "/x", "[::1]:80"),
        ("/x", "/x", "localhost:8080"),
        ("*", "*", "localhost:8080"),
        ("", "/", ""),
        ("http://", "/", ""),
        ("#", "/", ""),
        ("http://a.example/x/../y", "/x/../y", "a.example"),
    ])
    func targetAndHost(url: String, target: String, host: String) {
        #expect(Self.head(url) == "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    }

    @Test func hostAmongTheHeadersCounts() {
        #expect(
            Self.head("http://a.example/", headers: ["hOsT: b.example", "x: y"])
                == "GET / HTTP/1.1\r\nhOsT: b.example\r\nx: y\r\n\r\n")
    }

    @Test func version10() {
        #expect(Self.head("/", minorVersion: 0).hasPrefix("GET / HTTP/1.0\r\n"))
    }
}
