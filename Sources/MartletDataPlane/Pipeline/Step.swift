/// One step of a route's program: which policy, and which row of the plan's table for it.
///
/// `Kind` is the list of everything that can happen to an exchange between routing and forwarding.
package struct Step: Sendable, BitwiseCopyable, Hashable {
    package enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        case ipFilter
        /// Out of service, on purpose.
        case maintenance
        /// Answers preflights.
        case cors
        /// Limits by what every request has.
        case rateLimit
        case authentication
        case access
        /// Another server is asked.
        case externalAuthorization
        /// What templates say of the caller.
        case identityValues
        /// Another upstream for some callers.
        case branch
        case delay
        case botFilter
        case requestValidation
        case inspection
        case redirect
        case staticReply
        /// Trouble on purpose: a delay, a status.
        case fault
        /// 410 once the version is out.
        case versionCheck
        /// `Forwarded`, `Via`, trace context.
        case forwarding
        /// Who calls, for the upstream.
        case identityHeaders
        case pathRewrite
        case queryEdit
        case cookieEdit
        case requestHeaderEdit
        /// Hides what tells of the upstream's software.
        case responseBanner
        case responseHeaderEdit
        /// When the version is deprecated and when it ends.
        case versionFields
    }

    package let kind: Kind
    package let index: UInt32
}
