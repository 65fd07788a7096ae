extension BodyFraming {
    /// What the header fields say of the body, before status and method are looked at (RFC 9112
    /// §6).
    ///
    /// Whatever two readers could understand differently is an error.
    ///
    /// - Returns: `.none` when neither field is given.
    package static func declared(
        in headers: borrowing HeaderList, minorVersion: UInt8
    ) -> Result<BodyFraming, MessageError> {
        let relevant = HeaderName.contentLength.bit | HeaderName.transferEncoding.bit
        guard headers.presence & relevant != 0 else { return .success(.none) }
        var length: ByteRange?
        var coding: ByteRange?
        for field in headers.fields {
            if field.known == .contentLength {
                guard length == nil else { return .failure(.contentLengthRepeated) }
                length = field.value
            } else if field.known == .transferEncoding {
                // A list split over several fields is where readers begin to differ.
                guard coding == nil else { return .failure(.transferEncodingMalformed) }
                coding = field.value
            }
        }
        if let coding {
            guard length == nil else { return .failure(.contentLengthWithTransferEncoding) }
            guard minorVersion >= 1 else { return .failure(.transferEncodingInHTTP10) }
            if let error = Self.checkCoding(headers.span(coding)) { return .failure(error) }
            return .success(.chunked)
        }
        guard let length else { return .success(.none) }
        guard let count = Self.decimal(headers.span(length)) else {
            return .failure(.contentLengthMalformed)
        }
        return .success(.length(count))
    }

    /// Whether a field is a framing field to an upstream that takes `_` for `-`.
    ///
    /// CGI and what came of it do: to us it would be any field, to that one it would frame the
    /// body.
    package static func isDisguised(in headers: borrowing HeaderList) -> Bool {
        for field in headers.fields where field.known == .other {
            if self.isDisguise(headers.span(field.name)) { return true }
        }
        return false
    }

    /// The same of one name.
    static func isDisguise(_ name: Span<UInt8>) -> Bool {
        switch name.count {
        case 14: name.isEqualIgnoringCase(to: "content_length")
        case 17: name.isEqualIgnoringCase(to: "transfer_encoding")
        default: false
        }
    }

    /// `chunked` alone is taken.
    ///
    /// Other registered codings before it are legal but not spoken here (501, RFC 9112 §6.1);
    /// everything else is an attempt to be misread.
    private static func checkCoding(_ value: Span<UInt8>) -> MessageError? {
        if value.isEqualIgnoringCase(to: "chunked") { return nil }
        var start = 0
        var isLast = false
        while !isLast {
            let comma = value.firstIndex(of: UInt8(ascii: ","), from: start)
            isLast = comma == nil
            let coding = value.extracting(start..<(comma ?? value.count)).trimmingWhitespace()
            if isLast {
                return coding.isEqualIgnoringCase(to: "chunked")
                    ? .transferEncodingUnsupported : .transferEncodingMalformed
            }
            guard
                coding.isEqualIgnoringCase(to: "gzip") || coding.isEqualIgnoringCase(to: "deflate")
                    || coding.isEqualIgnoringCase(to: "compress")
            else { return .transferEncodingMalformed }
            start = (comma ?? value.count) + 1
        }
        return .transferEncodingMalformed
    }

    /// Decimal digits only, at most 18 of them, so that the number fits.
    private static func decimal(_ bytes: Span<UInt8>) -> Int? {
        guard 1...18 ~= bytes.count else { return nil }
        var number = 0
        for index in bytes.indices {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }
}

extension Span where Element == UInt8 {
    /// The bytes without SP and HTAB at both ends.
    @_lifetime(copy self)
    package func trimmingWhitespace() -> Span<UInt8> {
        var start = 0
        var end = self.count
        while start < end, self[start] == 32 || self[start] == 9 { start += 1 }
        while end > start, self[end - 1] == 32 || self[end - 1] == 9 { end -= 1 }
        return self.extracting(start..<end)
    }
}
