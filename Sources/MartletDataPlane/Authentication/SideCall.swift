package import MartletSecurity

/// Work that must not be done on a worker's loop, or that another server does, as data.
package enum SideCall: Sendable {
    /// Takes a tenth of a second of one processor.
    case verifyPassword(PasswordHash, password: [UInt8])
    /// Fetches an issuer's keys; they have been published to the workers when the answer comes.
    case fetchKeys(issuer: String)
    /// Asks an issuer about a token; the answer is the claims as JSON.
    case introspect(IntrospectionPlan, token: [UInt8])
    /// Asks a server whether a request may pass; the answer is field lines for the upstream.
    case authorise(ExternalAuthorizationPlan, fields: [(name: String, value: String)])
    /// Does a step of a login; the answer is field lines of a redirect.
    case logIn(LoginStep)
}

package enum SideCallAnswer: Sendable, Equatable {
    case yes
    /// No, and the caller is to be asked for credentials by this challenge.
    case unauthenticated([UInt8])
    /// Yes, and what was found out.
    case content([UInt8])
    case no
    /// It could not be found out.
    case failed
}

/// Where an issuer is asked about tokens (RFC 7662).
package struct IntrospectionPlan: Sendable, Equatable {
    package let url: String
    /// The value of `Authorization`.
    package let authorization: String
    package let timeout: Duration
    let cacheSeconds: Int64
}

/// A server that is asked about requests.
package struct ExternalAuthorizationPlan: Sendable, Equatable {
    package let url: String
    package let timeout: Duration
    /// In lower case.
    package let responseHeaders: [String]
}

/// Who does such work: the control plane, on threads of its own.
package protocol SideCallService: Sendable {
    /// Does the work, or refuses it at once when too much of it waits.
    ///
    /// - `answer`: called once, on any thread.
    func start(_ call: SideCall, answer: @escaping @Sendable (SideCallAnswer) -> Void)
}

/// What an exchange has been told about each method of its authentication policy.
///
/// A method that has been answered does not ask again: a wait is not followed by the same one.
package struct SideAnswers: Sendable, BitwiseCopyable {
    private var known: UInt32 = 0
    private var yes: UInt32 = 0
    private var failed: UInt32 = 0

    /// Methods of one policy at most.
    package static let methodsMax = 16

    package init() {}

    mutating func set(_ answer: SideCallAnswer, method: Int) {
        let bit = UInt32(1) << UInt32(method & 31)
        self.known |= bit
        self.yes &= ~bit
        self.failed &= ~bit
        switch answer {
        case .yes, .content: self.yes |= bit
        case .no, .unauthenticated: break
        case .failed: self.failed |= bit
        }
    }

    subscript(method: Int) -> SideCallAnswer? {
        let bit = UInt32(1) << UInt32(method & 31)
        guard self.known & bit != 0 else { return nil }
        if self.failed & bit != 0 { return .failed }
        return self.yes & bit != 0 ? .yes : .no
    }
}

/// What an exchange has been told, by the method that asked: an answer is never another method's.
package struct SideContents: Sendable {
    private var entries: [(method: Int, content: [UInt8])] = []

    package init() {}

    /// Empty if nothing has been told.
    subscript(method: Int) -> [UInt8] {
        get { self.entries.first { $0.method == method }?.content ?? [] }
        set {
            self.entries.removeAll { $0.method == method }
            if !newValue.isEmpty { self.entries.append((method, newValue)) }
        }
    }
}
