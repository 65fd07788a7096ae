/// Which pages of other origins may use a route from a browser (row C10).
package struct CORSConfig: Sendable, Equatable {
    package enum Origins: Sendable, Equatable {
        /// Every page there is: only for what is public and needs no credentials.
        case any
        /// `https://app.example.com` or `https://*.example.com`.
        case listed([String])
    }

    package enum Headers: Sendable, Equatable {
        case any
        /// Lower case.
        case listed([String])
    }

    package var source = SourceLocation.unknown
    package var origins = Origins.listed([])
    package var methods = ["GET", "HEAD", "POST"]
    /// Fields that pages may set in requests, beside those that need no permission.
    package var headers = Headers.listed([])
    /// Fields of answers that pages may read, beside those that need no permission.
    package var expose: [String] = []
    /// Cookies and the like are sent along.
    @Excepted package var credentials = false
    /// How long a browser may remember a preflight's answer.
    package var maxAge: Duration = .seconds(600)
    /// Pages of the Internet may use this although it is in a private network.
    @Excepted package var privateNetwork = false

    package init() {}
}
