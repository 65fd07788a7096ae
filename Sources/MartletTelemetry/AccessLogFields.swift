/// The bytes of one exchange that its log line shows, borrowed for the time of writing.
///
/// What stands in the request's head is named by ranges into `head`; ranges outside it are cut
/// off. What is empty is left out of the line.
package struct AccessLogFields: ~Escapable {
    /// The head's byte store.
    package let head: Span<UInt8>
    /// The client's address as text, without a port.
    package let client: Span<UInt8>
    package let requestID: Span<UInt8>
    /// The 32 hexadecimal digits of the trace, without the rest of `traceparent`.
    package let traceID: Span<UInt8>
    /// The subject of the client's certificate.
    package let clientSubject: Span<UInt8>
    /// The consumer's name.
    package let consumer: Span<UInt8>
    /// What may be shown of the credentials: a key's name, a user, a token's subject.
    package let credential: Span<UInt8>
    /// Why the request was refused; `nil` if it was not.
    package var reason: StaticString?
    package var method: Range<Int> = 0..<0
    package var path: Range<Int> = 0..<0
    package var query: Range<Int> = 0..<0
    package var host: Range<Int> = 0..<0
    package var userAgent: Range<Int> = 0..<0

    @_lifetime(
        copy head, copy client, copy requestID, copy traceID, copy clientSubject, copy consumer,
        copy credential)
    package init(
        head: Span<UInt8>, client: Span<UInt8>, requestID: Span<UInt8>, traceID: Span<UInt8>,
        clientSubject: Span<UInt8>, consumer: Span<UInt8>, credential: Span<UInt8>
    ) {
        self.head = head
        self.client = client
        self.requestID = requestID
        self.traceID = traceID
        self.clientSubject = clientSubject
        self.consumer = consumer
        self.credential = credential
    }

    /// Of all values together, as long as none has to be escaped.
    var byteCount: Int {
        self.client.count + self.requestID.count + self.traceID.count + self.clientSubject.count
            + self.consumer.count + self.credential.count + self.method.count + self.path.count
            + self.query.count + self.host.count + self.userAgent.count
    }

    /// The head's bytes in a range, as far as there are such.
    @_lifetime(copy self)
    func bytes(_ range: Range<Int>) -> Span<UInt8> {
        self.head.extracting(range.clamped(to: 0..<self.head.count))
    }
}
