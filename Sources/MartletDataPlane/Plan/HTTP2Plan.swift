package import MartletConfig
package import MartletHTTP

/// What an HTTP/2 connection may hold and ask for, compiled.
package struct HTTP2Plan: Sendable, Equatable {
    package let concurrentStreamsMax: Int
    /// Bytes of one stream's body that are held at most.
    package let streamWindow: Int
    /// Bytes of all streams' bodies that are held at most.
    package let connectionWindow: Int
    package let flood: HTTP2FloodGuard.Limits

    package init(_ config: HTTP2LimitsConfig) {
        self.concurrentStreamsMax = config.maxConcurrentStreams
        self.streamWindow = config.streamWindowBytes
        self.connectionWindow = config.connectionWindowBytes
        var flood = HTTP2FloodGuard.Limits()
        flood.resets = config.maxResets
        flood.controls = config.maxControlFrames
        flood.windowUpdates = config.maxWindowUpdates
        flood.emptyFrames = config.maxEmptyFrames
        flood.continuations = config.maxContinuations
        self.flood = flood
    }
}
