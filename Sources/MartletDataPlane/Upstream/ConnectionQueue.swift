import MartletAlgorithms

/// Requests that wait for a connection, first in, first out: in one line, or in one for each
/// endpoint where a request waits for a connection to the endpoint that was picked for it.
///
/// Owned by the pool. Bounded by `countMax` over all lines. A line belongs to its endpoint for as
/// long as there is one, so that places in it stay good over reloads.
struct ConnectionQueue<Request> {
    private var pool = LinkedPool<Request>(listCount: 1)
    /// Lowering it below `count` refuses newcomers; those inside stay.
    var countMax: Int
    private(set) var isBound: Bool
    /// By endpoint, when bound.
    private var lines: ContiguousArray<Int> = []
    /// By line.
    private var counts: ContiguousArray<Int> = [0]
    private var freeLines: ContiguousArray<Int> = []

    init(countMax: Int, isBound: Bool, endpointCount: Int) {
        self.countMax = countMax
        self.isBound = isBound
        if isBound { self.lines = ContiguousArray((0..<endpointCount).map { _ in self.addLine() }) }
    }

    var count: Int { self.pool.count }

    func count(of endpoint: Int) -> Int { self.counts[self.line(of: endpoint)] }

    private func line(of endpoint: Int) -> Int { self.isBound ? self.lines[endpoint] : 0 }

    /// - Returns: `nil` if the queue is full; the request is then not in.
    mutating func enqueue(_ request: Request, endpoint: Int) -> ConnectionTicket? {
        guard self.pool.count < self.countMax else { return nil }
        let line = self.line(of: endpoint)
        self.counts[line] += 1
        return ConnectionTicket(handle: self.pool.append(request, to: line))
    }

    /// Takes the request that has waited longest for a connection to the endpoint, which may be
    /// gone since a reload.
    mutating func dequeue(endpoint: Int) -> Request? {
        guard !self.isBound || endpoint < self.lines.count else { return nil }
        return self.dequeue(line: self.line(of: endpoint))
    }

    private mutating func dequeue(line: Int) -> Request? {
        let index = self.pool.lists[line].first
        guard index != LinkedPool<Request>.end else { return nil }
        self.counts[line] -= 1
        return self.pool.remove(at: index)
    }

    /// Takes a request out of turn; a stale ticket removes nothing.
    mutating func remove(_ ticket: ConnectionTicket) -> Request? {
        guard let index = self.pool.index(of: ticket.handle) else { return nil }
        self.counts[Int(self.pool.nodes[Int(index)].list)] -= 1
        return self.pool.remove(at: index)
    }

    // MARK: Reload

    /// Takes other endpoints over; `newIndex` tells where an old one stands now.
    ///
    /// - Returns: requests whose endpoint is gone, or all of them if they waited in another way.
    mutating func reconfigure(
        endpointCount: Int, isBound: Bool, newIndex: (Int) -> Int?
    ) -> [Request] {
        var displaced: [Request] = []
        var kept: [Int: Int] = [:]
        if isBound != self.isBound {
            for line in self.counts.indices { self.empty(line, into: &displaced) }
            self.freeLines = isBound ? ContiguousArray(self.counts.indices) : []
            self.isBound = isBound
        } else if isBound {
            for (old, line) in self.lines.enumerated() {
                if let new = newIndex(old), new < endpointCount, kept[new] == nil {
                    kept[new] = line
                } else {
                    self.empty(line, into: &displaced)
                    self.freeLines.append(line)
                }
            }
        }
        guard isBound else {
            self.lines = []
            return displaced
        }
        self.lines = ContiguousArray((0..<endpointCount).map { kept[$0] ?? self.addLine() })
        return displaced
    }

    private mutating func empty(_ line: Int, into requests: inout [Request]) {
        while let request = self.dequeue(line: line) { requests.append(request) }
    }

    private mutating func addLine() -> Int {
        if let line = self.freeLines.popLast() { return line }
        // The first line is there from the beginning, for those that wait for any endpoint.
        self.counts.append(0)
        self.pool.growLists(to: self.counts.count)
        return self.counts.count - 1
    }
}
