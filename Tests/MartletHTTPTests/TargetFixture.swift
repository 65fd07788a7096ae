import MartletHTTP

/// A request head as a codec leaves it before the target is resolved, and what came of resolving.
struct TargetFixture {
    let head = RequestHead()
    let error: RequestTargetError?

    init(
        _ target: String, method: String = "GET", hosts: [String] = ["example.com"],
        minorVersion: UInt8 = 1
    ) {
        self.init(bytes: Array(target.utf8), method: method, hosts: hosts, minorVersion)
    }

    init(
        bytes: [UInt8], method: String = "GET", hosts: [String] = ["example.com"],
        _ minorVersion: UInt8 = 1
    ) {
        let target = self.head.headers.appendBytes(bytes)
        for host in hosts {
            let name = Array("Host".utf8)
            self.head.headers.add(name: name.span, value: Array(host.utf8).span)
        }
        self.head.method = Method(Array(method.utf8).span)
        self.head.minorVersion = minorVersion
        self.error = RequestTarget.resolve(target, head: self.head)
    }

    var path: String { self.head.headers.text(self.head.path) }
    var query: String? {
        self.head.hasQuery ? self.head.headers.text(self.head.query) : nil
    }
    var host: String { self.head.headers.text(self.head.host) }
    var authority: String { self.head.headers.text(self.head.authority) }
    var traits: PathTraits { self.head.pathTraits }
}
