package import MartletHTTP

/// What a step decides.
package enum Verdict: Equatable {
    case next
    case reply(LocalReply)
    /// The exchange is suspended until whoever holds its `WaitTicket` has it go on.
    case wait(Wait)
}

/// A reply made by Martlet, as data; `LocalReplyWriter` makes the message.
package enum LocalReply: Sendable, Equatable, BitwiseCopyable {
    case problem(ProxyError)
    /// A message that could not be read: the status is the error's.
    case message(MessageError)
    case target(RequestTargetError)
    /// What a browser asked before it sends a request is granted (Fetch §3.2.2).
    case preflight
    /// A request that was validated; what is wrong with it lies in the worker's state, so this is
    /// written at once.
    ///
    /// `row` is one of `Plan.requestValidations`.
    case invalid(status: UInt16, row: UInt32)
    /// A row of `Plan.authentications`: who is it?
    ///
    /// - `hasCredentials`: some were shown and are not taken.
    case challenge(policy: UInt32, hasCredentials: Bool)
    /// A rule of a row of `Plan.accesses`.
    case denied(access: UInt32, rule: UInt16, isScope: Bool)
    case lockedOut(seconds: UInt32)
    /// The client has behaved badly.
    case blocked(seconds: UInt32)
    /// An external server wants credentials; its challenge is the exchange's `replyContent`.
    case externalChallenge
    /// A redirect of a login; its fields are the exchange's `replyContent`.
    case login
    /// A row of `Plan.redirects`.
    case redirect(UInt32)
    /// The listener's redirect of everything.
    case httpsRedirect
    /// A row of `Plan.staticReplies`.
    case fixed(UInt32)
    /// A row of `Plan.maintenances`.
    case maintenance(UInt32)
    /// A row of `Plan.staticReplies`, given because the upstream did not answer; `nil` if it did.
    case fallback(UInt32, ProxyError?)
    /// A row of `Plan.faults`, whose status it is.
    case fault(UInt32)
    /// A row of `Plan.versions`, which is out.
    case gone(UInt32)

    /// What the record and the metrics call it; `nil` for replies that are no error.
    package var error: ProxyError? {
        switch self {
        case .problem(let error): error
        case .message(.bodyTooLarge): .requestTooLarge
        case .message: .requestMalformed
        case .target: .requestMalformed
        case .invalid: .requestInvalid
        case .challenge, .externalChallenge: .unauthenticated
        case .denied: .accessDenied
        case .lockedOut: .lockedOut
        case .blocked: .clientBlocked
        case .gone: .versionGone
        case .maintenance: .maintenance
        case .fallback(_, let error): error
        case .fault: .faultInjected
        case .preflight, .login, .redirect, .httpsRedirect, .fixed: nil
        }
    }
}
