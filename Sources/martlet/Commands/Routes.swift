import ArgumentParser
import MartletConfig
import MartletDataPlane

/// `martlet routes`: every way to reach a route, in the order in which they are tried.
struct Routes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the routes in the order in which they are tried.")

    @OptionGroup var config: ConfigOption
    @OptionGroup var output: OutputOption

    func run() throws {
        let plan = try CheckedConfig(path: self.config.path).get(self.output)
        let routes = plan.document.routes
        if self.output.isJSON {
            let rows = plan.routing.listing.map { Self.value($0, routes[$0.route]) }
            print(JSONValue.object([.init("routes", .array(rows))]).text())
        } else {
            StandardStreams.write(Self.table(plan.routing.listing, routes).text)
        }
    }

    private static func table(_ listing: [RouteListing], _ routes: [RouteConfig]) -> TextTable {
        let hasPriorities = routes.contains { $0.priority != 0 }
        var table = TextTable(header: [
            "PRIORITY", "HOST", "PATH", "METHODS", "CONDITIONS", "ROUTE", "TARGET",
        ])
        for row in listing {
            let route = routes[row.route]
            table.add([
                hasPriorities ? "\(route.priority)" : "", row.host, row.path,
                route.match.methods.isEmpty ? "*" : route.match.methods.joined(separator: ","),
                RouteText.conditions(route).joined(separator: "; "), route.name,
                "-> " + RouteText.target(route),
            ])
        }
        return table
    }

    private static func value(_ row: RouteListing, _ route: RouteConfig) -> JSONValue {
        let location = route.source
        return .object([
            .init("route", .string(route.name)), .init("priority", .integer(route.priority)),
            .init("host", .string(row.host)), .init("path", .string(row.path)),
            .init("methods", .array(route.match.methods.map(JSONValue.string))),
            .init("conditions", .array(RouteText.conditions(route).map(JSONValue.string))),
            .init("upstream", route.upstream.map(JSONValue.string) ?? .null),
            .init("target", .string(RouteText.target(route))),
            .init("source", .string("\(location.file):\(location.line):\(location.column)")),
        ])
    }
}
