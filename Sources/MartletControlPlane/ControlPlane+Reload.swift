import Logging
import MartletConfig
import MartletDataPlane

/// Reading the configuration again.
extension ControlPlane {
    /// Reads the configuration again.
    ///
    /// A bad one changes nothing.
    ///
    /// - Returns: what came of it; it has been logged.
    @discardableResult
    package func reload() async -> ReloadOutcome {
        await self.changes.enter()
        let outcome = await self.reloadAlone()
        await self.changes.leave()
        return outcome
    }

    private func reloadAlone() async -> ReloadOutcome {
        guard self.phase == .ready else { return .notReady }
        // Noted before they are read, so that a change from here on is one more reload.
        _ = self.watcher.hasChanged()
        let now = Self.now()
        let result = ConfigLoader.load(path: self.path, environment: self.environment, now: now)
        guard let configuration = result.document.map(TimedDocument.init) else {
            return self.reloadFailed(result.diagnostics, result.sources)
        }
        let document = configuration.document(at: now)
        self.log.tellFixedSettings(document, old: self.plan.document)
        var names = self.names
        names.expire()
        await names.refresh(document, by: self.resolver, self.log)
        var diagnostics = result.diagnostics
        do {
            let plan = try PlanCompiler.compile(
                document, version: self.plan.version + 1, addresses: names.resolved,
                previous: self.plan, now: now, diagnostics: &diagnostics)
            try await self.replace(with: plan)
            self.take(configuration, at: now)
            self.names = names
            self.watcher.watch(result.files)
        } catch let error as InvalidConfig {
            return self.reloadFailed(error.diagnostics, result.sources)
        } catch {
            self.reloadsFailed += 1
            self.log.error("reload_failed", metadata: ["reason": "\(error)"])
            return .failed(reason: "\(error)")
        }
        self.reloadsSucceeded += 1
        self.log.tellWarnings(diagnostics)
        self.log.tellProhibited(self.plan)
        self.log.info("reloaded", metadata: ["generation": .stringConvertible(self.plan.version)])
        return .reloaded(generation: self.plan.version, warnings: diagnostics)
    }

    /// Reads the configuration again if one of its files differs from when it was read last.
    package func reloadIfChanged() async {
        guard self.phase == .ready, self.watcher.hasChanged() else { return }
        await self.reload()
    }

    private func reloadFailed(
        _ diagnostics: [Diagnostic], _ sources: [String: SourceText]
    ) -> ReloadOutcome {
        self.reloadsFailed += 1
        for diagnostic in diagnostics where diagnostic.severity == .error {
            let place = diagnostic.location
            self.log.error(
                "reload_failed",
                metadata: [
                    "at": "\(place.file):\(place.line):\(place.column)",
                    "reason": "\(diagnostic.message)", "hint": "\(diagnostic.hint ?? "")",
                ])
        }
        return .invalid(diagnostics, text: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
}
