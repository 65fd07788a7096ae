import FuzzDriver
import MartletHTTP

// Frames one behind the other: no payload is read behind its end, and what a frame says fits into
// it.

func check(_ range: Range<Int>, _ payload: Span<UInt8>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= payload.count, "range")
}

/// Reads what the frame says; a violation is an answer too.
func read(_ header: HTTP2FrameHeader, _ payload: Span<UInt8>, _ settings: inout HTTP2Settings) {
    guard let type = header.type else { return }
    switch type {
    case .data:
        if case .success(let range) = HTTP2FramePayload.data(header, payload) {
            check(range, payload)
        }
    case .headers:
        if case .success(let headers) = HTTP2FramePayload.headers(header, payload) {
            check(headers.block, payload)
        }
    case .priority: _ = HTTP2FramePayload.priority(header, payload)
    case .resetStream: _ = HTTP2FramePayload.resetStream(payload)
    case .settings:
        guard settings.apply(payload, from: .client) == nil else { return }
        precondition(16_384...16_777_215 ~= settings.framePayloadBytesMax)
        precondition(settings.initialWindowSize <= HTTP2Settings.windowSizeMax)
    case .pushPromise:
        if case .success(let promise) = HTTP2FramePayload.pushPromise(header, payload) {
            check(promise.block, payload)
            precondition(promise.promisedStreamID % 2 == 0)
        }
    case .ping: _ = HTTP2FramePayload.ping(payload)
    case .goAway: _ = HTTP2FramePayload.goAway(payload)
    case .windowUpdate:
        if case .success(let increment) = HTTP2FramePayload.windowUpdate(header, payload) {
            precondition(1...HTTP2Settings.windowSizeMax ~= increment)
        }
    case .continuation: break
    }
}

unsafe fuzz { start, count in
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe buffer.span
    var settings = HTTP2Settings()
    var position = 0
    while let header = HTTP2FrameHeader(bytes, at: position) {
        if header.violation(payloadCountMax: 16_384) != nil { break }
        let first = position + HTTP2FrameHeader.byteCount
        guard header.payloadCount <= bytes.count - first else { break }
        position = first + header.payloadCount
        read(header, bytes.extracting(first..<position), &settings)
    }
    return 0
}
