import MartletDataPlane
package import Testing

extension SimulatedWorker {
    /// Nothing is under way: no exchange, no leased connection, nobody waits.
    package func expectQuiet(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self.worker.exchangeCount == 0, sourceLocation: sourceLocation)
        for upstream in self.worker.generation.upstreams {
            #expect(
                upstream.connectionCount == upstream.idleCount, "\(upstream.plan.name) leases",
                sourceLocation: sourceLocation)
            #expect(upstream.waitingCount == 0, sourceLocation: sourceLocation)
        }
    }
}
