/// A limit that routes share by naming it: how much a key may have, in one or several windows.
///
/// Each name is one bucket, however many routes use it (row D3). At least one of `windows`,
/// `concurrency` and `bandwidth` is given.
package struct RateLimitConfig: Sendable, Equatable {
    package var name = ""
    package var source = SourceLocation.unknown
    /// Whose requests are counted together; `nil`: everybody's.
    package var key: RateLimitKeyConfig?
    package var keySource = SourceLocation.unknown
    /// How many keys are told apart at the same time; memory is set aside for so many.
    package var maxKeys = 100_000
    package var windows: [RateLimitWindowConfig] = []
    /// Requests of a key that are under way at the same time.
    package var concurrency: Int?
    package var bandwidth: BandwidthConfig?

    package static let windowCountMax = 4

    package init() {}

    /// What `RateLimit-Policy` calls one of the windows.
    package func policyName(ofWindow index: Int) -> String {
        if let name = self.windows[index].name { return name }
        guard self.windows.count > 1 else { return self.name }
        return "\(self.name)-\(self.windows[index].period.text)"
    }
}

/// So much in so long.
package struct RateLimitWindowConfig: Sendable, Equatable {
    package enum Algorithm: String, Sendable, Equatable, CaseIterable {
        case tokenBucket = "token-bucket"
        case slidingWindow = "sliding-window"
    }

    package enum Period: Sendable, Equatable {
        case duration(Duration)
        /// From one turn of the calendar to the next.
        case calendar(CalendarUnit)

        package var text: String {
            switch self {
            case .duration(let duration): DurationText.format(duration)
            case .calendar(let unit): unit.rawValue
            }
        }
    }

    package enum CalendarUnit: String, Sendable, Equatable, CaseIterable {
        case minute, hour, day, week, month
    }

    package var source = SourceLocation.unknown
    /// In `RateLimit-Policy`; made from the limit's name if it is left out.
    package var name: String?
    package var limit = 0
    package var period = Period.duration(.seconds(1))
    /// Of a window that is no turn of the calendar.
    package var algorithm = Algorithm.tokenBucket
    /// What a token bucket holds; `nil`: as much as `limit`.
    package var burst: Int?
    /// Of a calendar's turns: how far its clocks are ahead of UTC, in seconds.
    package var utcOffset = 0

    package init() {}

    /// What one request may cost at most: more than this there never is.
    package var weightMax: Int {
        switch self.period {
        case .duration where self.algorithm == .tokenBucket: self.burst ?? self.limit
        case .duration, .calendar: self.limit
        }
    }
}

/// How fast bodies may go.
package struct BandwidthConfig: Sendable, Equatable {
    /// Bytes a second of response bodies, for each key.
    package var response: Int?
    /// Bytes a second of request bodies, for each key.
    package var request: Int?
    /// Bytes that pass unhindered after a pause; `nil`: what passes in a second.
    package var burst: Int?

    package init() {}
}

/// A route's use of a limit.
package struct RateLimitUseConfig: Sendable, Equatable {
    package var limit = ""
    /// What one request costs in each of the limit's windows.
    package var weight = 1

    package static let countMax = 4

    package init() {}
}

/// Whose requests are counted together, as a template: literal text and what stands for it.
package struct RateLimitKeyConfig: Sendable, Equatable {
    package enum Piece: Sendable, Equatable {
        case literal(String)
        /// The first of these that the request has; empty if it has none.
        case firstOf([Source])
    }

    package enum Source: Sendable, Equatable {
        /// The real client's address, after trusted proxies.
        case clientAddress
        /// The same, but of IPv6 the 64 bits that one customer has for himself.
        case clientNetwork
        /// In lower case.
        case header(String)
        case cookie(String)
        case host
        case method
        case listener
        case route
        /// What the path pattern of the route captures under this name, or what is known of the
        /// caller: `IdentityName`.
        case capture(String)
    }

    package var text = ""
    package var pieces: [Piece] = []

    package init() {}

    /// What it asks of the caller, or of the path: names in order.
    package var captureNames: [String] {
        self.pieces.flatMap { piece -> [String] in
            guard case .firstOf(let sources) = piece else { return [] }
            return sources.compactMap { source in
                guard case .capture(let name) = source else { return nil }
                return name
            }
        }
    }

    /// Clients choose all of it themselves, so that they can have as many keys as they like.
    package var isChosenByClients: Bool {
        self.pieces.contains { piece in
            guard case .firstOf(let sources) = piece else { return false }
            return sources.contains { source in
                switch source {
                case .header, .cookie, .host: true
                default: false
                }
            }
        }
            && !self.pieces.contains { piece in
                guard case .firstOf(let sources) = piece else { return false }
                return sources.contains { $0 == .clientAddress || $0 == .clientNetwork }
            }
    }
}
