import Foundation
import Logging
import MartletConfig
import MartletDataPlane

/// Exceptions end by themselves: the same document, compiled again without them.
extension ControlPlane {
    /// How long after a failure it is tried again, in seconds.
    private static let retrySeconds: Int64 = 10

    /// How long until the next exception is over; `nil` without any.
    package func untilNextEnd() -> Duration? {
        self.nextEnd.map { end in
            .milliseconds(Int64((Double(end) - Date.now.timeIntervalSince1970) * 1000))
        }
    }

    /// Ends what is over by now.
    package func endExceptions() async {
        guard let end = self.nextEnd, end <= Self.now() else { return }
        await self.changes.enter()
        await self.endExceptionsAlone()
        await self.changes.leave()
    }

    private func endExceptionsAlone() async {
        let now = Self.now()
        // A reload may have come first.
        guard self.phase == .ready, let end = self.nextEnd, end <= now else { return }
        let ended = self.configuration.ended(after: self.configuredAt, by: now)
        var diagnostics: [Diagnostic] = []
        do {
            let plan = try PlanCompiler.compile(
                self.configuration.document(at: now), version: self.plan.version + 1,
                addresses: self.names.resolved, previous: self.plan, diagnostics: &diagnostics)
            try await self.replace(with: plan)
        } catch {
            self.nextEnd = now + Self.retrySeconds
            self.log.error("exceptions_not_ended", metadata: ["reason": "\(error)"])
            return
        }
        self.take(self.configuration, at: now)
        self.log.tellProhibited(self.plan)
        for exception in ended { self.log.tellEnd(of: exception, generation: self.plan.version) }
    }

    /// Notes what the plan that runs was made of.
    func take(_ configuration: TimedDocument, at now: Int64) {
        self.configuration = configuration
        self.configuredAt = now
        self.nextEnd = configuration.nextEnd(after: now)
    }
}

extension Logger {
    fileprivate func tellEnd(of exception: StatedException, generation: UInt64) {
        let place = exception.terms.source
        self.warning(
            "exception_over",
            metadata: [
                "exception": "\(exception.terms.place)",
                "was": "\(exception.kind.meaning)", "reason": "\(exception.terms.reason)",
                "at": "\(place.file):\(place.line):\(place.column)",
                "generation": .stringConvertible(generation),
            ])
    }
}
