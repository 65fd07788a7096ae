import Logging
import MartletConfig
import MartletDataPlane
import NIOCore

extension LookedUpNames {
    /// Nanoseconds of the clock that the table goes by.
    static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

    /// Asks for what is due: services first, then the hosts that their records name.
    mutating func refresh(
        _ document: ConfigDocument, by resolver: NameResolver, _ log: Logger
    ) async {
        for _ in 0..<2 {
            self.update(for: document)
            let questions = self.due(now: Self.now)
            guard !questions.isEmpty else { break }
            let answers = await resolver.ask(questions)
            guard !Task.isCancelled else { return }
            for (question, answer) in zip(questions, answers) {
                switch self.answered(question, answer, now: Self.now) {
                case .noted: break
                case .beganToFail(let reason):
                    log.warning(
                        "name_not_resolved",
                        metadata: ["name": "\(question.name)", "reason": "\(reason)"])
                case .recovered:
                    log.info("name_resolved", metadata: ["name": "\(question.name)"])
                }
            }
        }
        // Hosts that no record names any more.
        self.update(for: document)
    }
}
