import MartletHTTP

/// Runs a route's program: the one switch over everything that can happen to an exchange.
enum StepRunner {
    /// Runs the request steps in order, from where the exchange stands, until one replies or waits.
    static func runRequest(_ exchange: Exchange) -> Verdict {
        let plan = exchange.generation.plan
        let range = plan.program(of: exchange.match).requestSteps
        for offset in Int(exchange.stepOffset)..<Int(range.count) {
            let step = plan.steps[Int(range.start) + offset]
            let verdict = Self.run(step, exchange, plan)
            switch verdict {
            case .next: continue
            case .reply: return verdict
            case .wait(let wait):
                exchange.stepOffset = UInt16(offset) + (wait.continuation == .nextStep ? 1 : 0)
                return verdict
            }
        }
        return .next
    }

    /// Runs the response steps; they edit, they do not decide.
    static func runResponse(_ exchange: Exchange) {
        let plan = exchange.generation.plan
        let range = plan.program(of: exchange.match).responseSteps
        for offset in 0..<Int(range.count) {
            _ = Self.run(plan.steps[Int(range.start) + offset], exchange, plan)
        }
    }

    /// Runs one step: what the two loops above call, and a dry run.
    static func run(_ step: Step, _ exchange: Exchange, _ plan: Plan) -> Verdict {
        let index = Int(step.index)
        let head = exchange.request
        switch step.kind {
        case .ipFilter:
            if let reply = plan.ipFilters[index].reply(to: exchange.origin.address) {
                return .reply(reply)
            }
        case .maintenance:
            return plan.maintenances[index].apply(to: exchange, row: step.index)
        case .cors:
            if let reply = plan.cors[index].apply(to: exchange, row: index) {
                return .reply(reply)
            }
        case .rateLimit:
            return plan.rateLimitPolicies[index].apply(to: exchange)
        case .authentication:
            return plan.authentications[index].apply(to: exchange)
        case .access:
            return plan.accesses[index].apply(to: exchange)
        case .externalAuthorization:
            return plan.externalAuthorizations[index].apply(to: exchange)
        case .identityValues:
            plan.identityValues[index].apply(to: exchange)
        case .branch:
            plan.branches[index].apply(to: exchange)
        case .identityHeaders:
            plan.identityHeaders[index].apply(to: exchange)
        case .delay:
            return .wait(plan.delays[index].wait)
        case .botFilter:
            return plan.botFilters[index].apply(to: exchange)
        case .requestValidation:
            return plan.requestValidations[index].apply(to: exchange, row: step.index)
        case .inspection:
            let state = exchange.generation.inspections[index]
            return plan.inspections[index].apply(to: exchange, state)
        case .redirect:
            return .reply(.redirect(step.index))
        case .staticReply:
            return .reply(.fixed(step.index))
        case .fault:
            return plan.faults[index].apply(step.index, random: &exchange.worker.random)
        case .versionCheck:
            return plan.versions[index].check(exchange, row: step.index)
        case .versionFields:
            plan.versions[index].apply(to: exchange)
        case .forwarding:
            plan.forwarding[index].apply(to: exchange)
        case .pathRewrite:
            let error = plan.pathRewrites[index].apply(
                to: head, captures: exchange.captures, prefixEnd: Int(exchange.match.prefixEnd))
            if let error { return .reply(.target(error)) }
        case .queryEdit:
            plan.queryEdits[index].apply(to: head, captures: exchange.captures)
        case .cookieEdit:
            plan.cookieEdits[index].apply(to: head, captures: exchange.captures)
        case .requestHeaderEdit:
            plan.headerEdits[index].apply(to: head, captures: exchange.captures)
        case .responseBanner:
            plan.responseBanners[index].apply(to: &exchange.response.headers)
        case .responseHeaderEdit:
            plan.headerEdits[index].apply(
                toResponse: &exchange.response.headers, captures: exchange.captures, head: head)
        }
        return .next
    }
}
