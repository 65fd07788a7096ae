/// What the route's policies tell of themselves in every answer, whoever makes it.
extension Exchange {
    /// Some step has fields to add to the answer's head.
    var hasOwnFields: Bool { self.rateLimits.count > 0 || self.corsPolicy >= 0 }

    func addOwnFields() {
        if self.corsPolicy >= 0 {
            self.generation.plan.cors[self.corsPolicy].write(to: self)
        }
        if self.rateLimits.count > 0 { RateLimitFields.write(self) }
    }

    /// Has those policies speak that an answer of our own came before: an address that may not come
    /// in, a route under maintenance, a body that is too large.
    ///
    /// Nothing is counted. What asks who calls is left out where that is not known.
    func noteOwnPolicies() {
        guard case .route = self.match.outcome, let route = self.route,
            route.hasCORS || route.hasRateLimits
        else { return }
        let plan = self.generation.plan
        let range = plan.program(of: self.match).requestSteps
        let isLimited = self.rateLimits.count > 0
        for offset in 0..<Int(range.count) {
            let step = plan.steps[Int(range.start) + offset]
            switch step.kind {
            case .cors where self.corsPolicy < 0:
                plan.cors[Int(step.index)].note(self, row: Int(step.index))
            case .rateLimit where !isLimited:
                plan.rateLimitPolicies[Int(step.index)].look(self)
            case .authentication: return
            default: continue
            }
        }
    }
}
