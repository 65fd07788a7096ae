import MartletHTTP
import Testing

@Suite struct MessageErrorTests {
    /// Every error is there because some message causes it.
    @Test func everyErrorIsCausedBySomeMessageOfTheseTests() {
        var caused: Set<MessageError> = []
        for (text, error) in RequestHeadParserTests.heads {
            caused.formUnion([ParsedRequest(text).error, error].compactMap { $0 })
        }
        for (text, _, _) in ResponseHeadParserTests.heads {
            caused.formUnion([ParsedResponse([Array(text.utf8)]).error].compactMap { $0 })
        }
        for (text, _) in ChunkedDecoderTests.errors {
            caused.formUnion([DecodedChunks(text).error].compactMap { $0 })
        }
        for (lines, _) in BodyFramingTests.framings {
            let framing = BodyFraming.declared(in: HeaderLines.list(lines), minorVersion: 1)
            if case .failure(let error) = framing { caused.insert(error) }
        }
        caused.formUnion(HTTP2FieldRulesTests.errors.compactMap { $0.2 })
        caused.formUnion(HTTP2FieldSectionTests.errors.compactMap { $0.1 })
        for (changes, _) in HTTP2RequestHeadTests.pseudoFields {
            if case .failed(let error) = CompletedRequest(changes).outcome { caused.insert(error) }
        }
        for (status, lengths, method, endStream, _) in HTTP2ResponseHeadTests.bodies {
            let fields = [(":status", status)] + lengths.map { ("content-length", $0) }
            let response = HTTP2ResponseHeadTests.complete(
                fields, answering: method, endStream: endStream)
            caused.formUnion([response.error].compactMap { $0 })
        }
        // Those that need a limit or HTTP/1.0 have tests of their own.
        let other: Set<MessageError> = [
            .requestLineTooLong, .headerSectionTooLarge, .chunkLineTooLong, .bodyTooLarge,
            .transferEncodingInHTTP10,
        ]
        for error in MessageError.allCases where !other.contains(error) {
            #expect(caused.contains(error), "\(error)")
        }
    }

    @Test func everyErrorHasItsOwnWords() {
        let details = MessageError.allCases.map(\.detail.description)
        #expect(Set(details).count == details.count)
        #expect(details.allSatisfy { !$0.isEmpty && !$0.contains("\"") && !$0.contains("\\") })
    }

    @Test func statuses() {
        let statuses: [MessageError: UInt16] = [
            .unsupportedVersion: 505, .requestLineTooLong: 414, .headerSectionTooLarge: 431,
            .tooManyHeaderFields: 431, .transferEncodingUnsupported: 501,
            .expectationUnknown: 417, .bodyTooLarge: 413,
        ]
        for error in MessageError.allCases {
            #expect(error.requestStatus == statuses[error] ?? 400, "\(error)")
        }
    }
}
