extension ConfigDecoder {
    /// What one place needs of the rest of the configuration, looked up when all of it is read.
    struct Need {
        enum Kind {
            /// A template tells of the caller, by this name.
            case caller(String)
            /// A template that is filled in before anybody has asked who calls.
            case callerTooEarly(String)
            /// `access` or `branches`, which are for callers that are known.
            case knownCaller(key: String)
            /// API keys are taken.
            case keySecret
            /// Tokens are taken.
            case issuers
            /// A route is under this limit.
            case rateLimit(String)
            /// What a request costs in this limit.
            case weight(Int, limit: String)
            /// A response field that tells clients of software.
            case revealingField(String)
        }

        var kind: Kind
        var location: SourceLocation
        var path: String
        /// Where the route begins that it stands in.
        var route: SourceLocation?
    }

    mutating func need(_ kind: Need.Kind, at location: SourceLocation, path: String? = nil) {
        self.openNeeds.append(
            Need(kind: kind, location: location, path: path ?? self.pathText, route: nil))
    }

    /// Keeps what has been needed since the last call, as needs of this route.
    mutating func closeNeeds(of route: SourceLocation?, where isKept: (Need.Kind) -> Bool) {
        for var need in self.openNeeds where isKept(need.kind) {
            need.route = route
            self.needs.append(need)
        }
        self.openNeeds = []
    }
}
