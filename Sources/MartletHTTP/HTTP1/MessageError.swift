/// Why a message cannot be read or may not be forwarded.
///
/// One list for requests and responses. Each case carries its own words, so that the problem
/// document, the log and the metric all say the same; nothing of the message is repeated in it.
package enum MessageError: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    case bareLineFeed
    case bareCarriageReturn
    case malformedRequestLine
    case malformedStatusLine
    case unsupportedVersion
    case requestLineTooLong
    case headerSectionTooLarge
    case tooManyHeaderFields
    case malformedFieldName
    case whitespaceBeforeColon
    case lineFolding
    case forbiddenByteInValue
    case contentLengthRepeated
    case contentLengthMalformed
    case contentLengthWithTransferEncoding
    case transferEncodingMalformed
    case transferEncodingUnsupported
    case transferEncodingInHTTP10
    case expectationUnknown
    case chunkSizeMalformed
    case chunkSizeTooLarge
    case chunkExtensionMalformed
    case chunkLineTooLong
    case chunkDataUnterminated
    case forbiddenTrailerField
    case bodyTooLarge
    // HTTP/2 alone.
    case pseudoFieldUnknown
    case pseudoFieldRepeated
    case pseudoFieldMisplaced
    case pseudoFieldMissing
    case pseudoFieldMalformed
    case connectionSpecificField
    case whitespaceAroundValue
    case contentLengthMismatch
    case finalResponseMissing

    /// What was wrong, for the problem document's `detail`.
    package var detail: StaticString {
        switch self {
        case .bareLineFeed: "a line ends in LF without CR"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .malformedRequestLine: "the request line is not 'method SP target SP HTTP/1.1'"
        case .malformedStatusLine: "the status line is not 'HTTP/1.1 SP 3DIGIT SP reason'"
        case .unsupportedVersion: "only HTTP/1.1 and HTTP/1.0 are spoken here"
        case .requestLineTooLong: "the request line is longer than the listener's limit"
        case .headerSectionTooLarge: "the header section is larger than the limit"
        case .tooManyHeaderFields: "there are more header fields than the limit"
        case .malformedFieldName:
            "a field name is empty, holds a byte that is not allowed or disguises a framing field"
        case .whitespaceBeforeColon: "white space stands between a field name and its colon"
        case .lineFolding: "a field value is folded over several lines"
        case .forbiddenByteInValue: "a field value holds a control byte"
        case .contentLengthRepeated: "Content-Length is given more than once"
        case .contentLengthMalformed: "Content-Length is not a decimal number"
        case .contentLengthWithTransferEncoding:
            "Content-Length and Transfer-Encoding are both given"
        case .transferEncodingMalformed: "Transfer-Encoding is not exactly 'chunked'"
        case .transferEncodingUnsupported: "the only transfer coding spoken here is 'chunked'"
        case .transferEncodingInHTTP10: "Transfer-Encoding is not part of HTTP/1.0"
        case .expectationUnknown: "the only expectation known is '100-continue'"
        case .chunkSizeMalformed: "a chunk size is not a hexadecimal number"
        case .chunkSizeTooLarge: "a chunk size is too large"
        case .chunkExtensionMalformed: "a chunk extension is malformed"
        case .chunkLineTooLong: "a chunk size line is longer than the limit"
        case .chunkDataUnterminated: "chunk data is not followed by CR LF"
        case .forbiddenTrailerField: "a trailer field may not carry framing or routing"
        case .bodyTooLarge: "the body is larger than the limit"
        case .pseudoFieldUnknown: "there is a pseudo-header field that such a message may not have"
        case .pseudoFieldRepeated: "a pseudo-header field is given more than once"
        case .pseudoFieldMisplaced:
            "a pseudo-header field stands behind other fields or in a trailer section"
        case .pseudoFieldMissing: "a pseudo-header field that such a message needs is missing"
        case .pseudoFieldMalformed: "a pseudo-header field has a value that it may not have"
        case .connectionSpecificField: "a field concerns a connection of HTTP/1"
        case .whitespaceAroundValue: "a field value begins or ends with white space"
        case .contentLengthMismatch: "the body is not as long as Content-Length says"
        case .finalResponseMissing: "the stream ends with an interim response"
        }
    }

    /// The status that tells a client of it (RFC 9110 §15.5, RFC 6585 §5).
    package var requestStatus: UInt16 {
        switch self {
        case .unsupportedVersion: 505
        case .requestLineTooLong: 414
        case .headerSectionTooLarge, .tooManyHeaderFields: 431
        case .transferEncodingUnsupported: 501
        case .expectationUnknown: 417
        case .bodyTooLarge: 413
        default: 400
        }
    }
}
