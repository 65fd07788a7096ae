/// The same from HTTP/2's pseudo fields (RFC 9113 §8.3.1), which hold the parts one by one.
extension RequestTarget {
    /// Sets path, query, path traits, authority and host on a head.
    ///
    /// The Host field is written anew from `:authority`, as for HTTP/1 it has to be, so that there
    /// is one; one that the client sent as well must name the same host.
    ///
    /// - `path`: `:path`, which begins with `/` or is `*`.
    /// - `authority`: `:authority`, or `nil` for a request that names its host in Host.
    /// - Returns: `nil` if the head may go on; after an error the head is of no use.
    package static func resolve(
        path: ByteRange, authority: ByteRange?, isSecure: Bool, head: RequestHead
    ) -> RequestTargetError? {
        if let authority {
            let port: UInt16 = isSecure ? 443 : 80
            if let error = self.setHost(authority, defaultPort: port, head: head) { return error }
        }
        if let error = self.resolveHost(head: head) { return error }
        guard head.headers.bytes[Int(path.start)] == UInt8(ascii: "/") else {
            head.path = path
            return nil
        }
        return self.resolvePathAndQuery(from: Int(path.start), to: path.end, head: head)
    }

    /// CONNECT (RFC 9113 §8.5): the target is `:authority` alone.
    package static func resolveConnect(
        authority: ByteRange, head: RequestHead
    ) -> RequestTargetError? {
        guard case .authority(let parsed) = self.authority(authority, head.headers),
            let port = parsed.port
        else { return .connectWithoutAuthority }
        if let error = self.setHost(authority, defaultPort: port, head: head) { return error }
        if let error = self.resolveHost(head: head) { return error }
        head.path = head.headers.appendBytes("/")
        return nil
    }

    /// Puts a Host field of `:authority` in the place of the client's, which has to agree.
    private static func setHost(
        _ range: ByteRange, defaultPort: UInt16, head: RequestHead
    ) -> RequestTargetError? {
        let authority: Authority
        switch self.authority(range, head.headers) {
        case .authority(let parsed): authority = parsed
        case .userinfo: return .userinfo
        case .invalid: return .invalidAuthority
        }
        if head.headers.contains(.host) {
            if let error = self.resolveHost(head: head) { return error }
            if let error = self.compare(
                authority, at: range, defaultPort: defaultPort, head: head)
            {
                return error
            }
            head.headers.remove(.host)
        }
        let open = head.headers.beginField(.host)
        head.headers.appendBytes(copying: range)
        head.headers.endFieldFirst(open)
        return nil
    }
}
