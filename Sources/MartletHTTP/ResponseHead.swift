/// An upstream's status and header fields, whatever protocol brought them.
///
/// One head belongs to one exchange and is reused, for interim responses too.
package final class ResponseHead {
    package var headers = HeaderList()
    package var status: UInt16 = 0
    /// `x` of HTTP/1.x.
    package var minorVersion: UInt8 = 1
    /// Came over HTTP/2; `minorVersion` stays 1.
    package var isHTTP2 = false
    /// As declared by the fields; what the method and status make of it is `ResponseFraming`'s.
    package var framing = BodyFraming.none

    package init() {}

    package func reset() {
        self.headers.removeAll()
        self.status = 0
        self.minorVersion = 1
        self.isHTTP2 = false
        self.framing = .none
    }

    /// Each gets what the other had; nothing is copied.
    package func swapContents(with other: ResponseHead) {
        swap(&self.headers, &other.headers)
        swap(&self.status, &other.status)
        swap(&self.minorVersion, &other.minorVersion)
        swap(&self.isHTTP2, &other.isHTTP2)
        swap(&self.framing, &other.framing)
    }

    /// 1xx: another head follows (RFC 9110 §15.2).
    package var isInterim: Bool { self.status < 200 }

    /// How the body of this response to `method` is delimited (RFC 9112 §6.3).
    package func bodyFraming(answering method: Method) -> BodyFraming {
        if method == .head || self.status < 200 || self.status == 204 || self.status == 304 {
            return .none
        }
        return self.framing == .none ? .untilClose : self.framing
    }
}
