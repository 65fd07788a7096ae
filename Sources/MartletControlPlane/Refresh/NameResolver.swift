import CNameLookup
package import MartletDataPlane
package import MartletHTTP
package import NIOCore
package import NIOPosix

/// Asks the system's files and DNS servers what names stand for, off the request path.
///
/// Everything that is asked at once waits together, on one thread and at most ten seconds.
package struct NameResolver: Sendable {
    private static let milliseconds: Int32 = 10_000
    /// Of one round; the rest comes after it.
    private static let questionsMax = 256

    private let threads: NIOThreadPool

    package init(threads: NIOThreadPool = .singleton) {
        self.threads = threads
    }

    /// Does not wait for the answers once its task is cancelled: the thread asks on, for nobody.
    ///
    /// - Returns: an answer for each question.
    package func ask(_ questions: [NameQuestion]) async -> [NameAnswer] {
        let (answers, ready) = AsyncStream.makeStream(of: [NameAnswer].self)
        Task.detached {
            ready.yield(await self.askToTheEnd(questions))
            ready.finish()
        }
        let found = await answers.first { _ in true }
        return found ?? questions.map { _ in .failed(reason: "the process is ending") }
    }

    private func askToTheEnd(_ questions: [NameQuestion]) async -> [NameAnswer] {
        var answers: [NameAnswer] = []
        while answers.count < questions.count {
            let round = Array(questions[answers.count...].prefix(Self.questionsMax))
            answers +=
                (try? await self.threads.runIfActive { Self.lookUp(round) })
                ?? round.map { _ in .failed(reason: "the process is ending") }
        }
        return answers
    }

    /// Looks one name up for a call that Martlet makes by itself, such as for a key set.
    ///
    /// Whoever calls dials one of the addresses, and never the name: it could stand for another
    /// address by then. A numeric host, written by the operator, stands for itself.
    package func addresses(
        of host: String, port: Int, egress: EgressRule
    ) async throws(EgressFailure) -> [SocketAddress] {
        if let address = try? SocketAddress(ipAddress: host, port: port) { return [address] }
        guard case .addresses(let found, _)? = await self.ask([.addresses(host)]).first else {
            throw .notResolved
        }
        let checked = EgressCheck.split(found, host: host, port: port, egress)
        guard !checked.allowed.isEmpty else { throw .prohibited(checked.refused) }
        return checked.allowed
    }

    // MARK: One round

    private static func lookUp(_ questions: [NameQuestion]) -> [NameAnswer] {
        let names = questions.map { Array($0.name.utf8CString) }
        // One buffer for all names, so that none has to be kept alive by itself.
        var bytes: [CChar] = []
        var starts: [Int] = []
        for name in names {
            starts.append(bytes.count)
            bytes += name
        }
        return unsafe bytes.withUnsafeBufferPointer { text in
            guard let start = text.baseAddress else { return [] }
            var queries = unsafe zip(questions, starts).map { question, offset in
                var query = unsafe name_lookup_query()
                unsafe query.name = unsafe start + offset
                unsafe query.kind = question.kind
                return unsafe query
            }
            let count = Int32(unsafe queries.count)
            unsafe name_lookup_run(&queries, count, Self.milliseconds)
            defer { unsafe name_lookup_free(&queries, count) }
            return unsafe queries.map { unsafe Self.answer($0) }
        }
    }

    private static func answer(_ query: name_lookup_query) -> NameAnswer {
        guard unsafe query.status == 0, let first = unsafe query.records else {
            let reason = unsafe String(cString: name_lookup_reason(query.status))
            return .failed(reason: reason)
        }
        let records = unsafe UnsafeBufferPointer(start: first, count: Int(query.count))
        guard unsafe query.kind == Int32(NAME_LOOKUP_SERVICES.rawValue) else {
            // Sorted, so that the same addresses in another order are no change.
            let texts = Set(unsafe records.map { Self.text($0) }).sorted()
            return .addresses(
                texts.compactMap { try? SocketAddress(ipAddress: $0, port: 0) },
                ttlSeconds: unsafe query.ttl)
        }
        let services = Set(unsafe records.map { Self.service($0) }).sorted { one, other in
            (one.priority, one.target, one.port, one.weight)
                < (other.priority, other.target, other.port, other.weight)
        }
        return unsafe .services(services, ttlSeconds: query.ttl)
    }

    private static func text(_ record: name_lookup_record) -> String {
        unsafe withUnsafeBytes(of: record.text) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func service(_ record: name_lookup_record) -> ServiceRecord {
        ServiceRecord(
            target: Self.text(record).lowercased(), port: Int(record.port),
            priority: Int(record.priority), weight: Int(record.weight))
    }
}

extension NameQuestion {
    fileprivate var kind: Int32 {
        switch self {
        case .addresses: Int32(NAME_LOOKUP_ADDRESSES.rawValue)
        case .services: Int32(NAME_LOOKUP_SERVICES.rawValue)
        }
    }
}

/// Why a name leads nowhere that may be dialled.
package enum EgressFailure: Error, Sendable, Equatable {
    case notResolved
    case prohibited([RefusedAddress])
}
