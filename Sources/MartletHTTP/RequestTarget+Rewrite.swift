extension RequestTarget {
    /// Puts a path that Martlet composed on a head, in the same normal form as a client's.
    ///
    /// Joining captures and literal text can make what neither held: an empty segment, a dot
    /// segment, an escape out of two halves. Empty and dot segments are resolved; an escape with a
    /// meaning that the client's path was not allowed to have is refused.
    ///
    /// - `path`: in the head's store; begins with `/`.
    /// - `traits`: spellings that the configuration wrote itself.
    /// - Returns: why the request is answered 400, or `nil`. After an error the path is as before.
    package static func replacePath(
        _ path: ByteRange, allowing traits: PathTraits, head: RequestHead
    ) -> RequestTargetError? {
        let scan = self.scanPath(path, head.headers)
        guard scan.outcome != .invalidByte, scan.end == path.end else { return .invalidByte }
        guard scan.outcome == .needsNormalising else {
            head.path = path
            return nil
        }
        var normaliser = PathNormaliser()
        if let error = normaliser.normalise(from: Int(path.start), to: path.end, in: &head.headers)
        {
            return error
        }
        guard head.pathTraits.union(traits).isSuperset(of: normaliser.traits) else {
            return .invalidPercentEncoding
        }
        head.path = normaliser.path
        head.pathTraits.formUnion(normaliser.traits)
        return nil
    }

    private static func scanPath(_ path: ByteRange, _ headers: borrowing HeaderList) -> PathScan {
        PathScan(headers.bytes.span, from: Int(path.start), to: path.end)
    }
}
