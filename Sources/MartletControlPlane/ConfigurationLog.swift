import Logging
import MartletConfig
import MartletDataPlane
import MartletHTTP

/// What the process log tells of a configuration that is taken up.
extension Logger {
    /// What is not wrong and yet may not be meant.
    func tellWarnings(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics where diagnostic.severity == .warning {
            let place = diagnostic.location
            self.warning(
                "config_warning",
                metadata: [
                    "at": "\(place.file):\(place.line):\(place.column)",
                    "reason": "\(diagnostic.message)", "hint": "\(diagnostic.hint ?? "")",
                ])
        }
    }

    /// Names that lead to where Martlet must not connect: a slip, or an attack by their owner.
    func tellProhibited(_ plan: Plan) {
        for upstream in plan.upstreams {
            for endpoint in upstream.endpoints {
                for address in endpoint.refused {
                    self.warning(
                        "address_prohibited",
                        metadata: [
                            "upstream": "\(upstream.name)", "endpoint": "\(endpoint.text)",
                            "address": "\(address.text)", "scope": "\(address.scope.name)",
                        ])
                }
            }
        }
    }

    /// What only a new process takes up.
    func tellFixedSettings(_ document: ConfigDocument, old: ConfigDocument) {
        var settings: [String] = []
        if document.workers != old.workers { settings.append("workers") }
        if document.admin != old.admin { settings.append("admin") }
        // The format is the plan's, and changes with it.
        if document.telemetry.accessLog.destination != old.telemetry.accessLog.destination
            || document.telemetry.accessLog.maxBufferedBytes
                != old.telemetry.accessLog.maxBufferedBytes
        {
            settings.append("telemetry.access-log")
        }
        if document.telemetry.processLog != old.telemetry.processLog {
            settings.append("telemetry.log")
        }
        for setting in settings {
            self.warning("needs_restart", metadata: ["setting": "\(setting)"])
        }
    }
}
