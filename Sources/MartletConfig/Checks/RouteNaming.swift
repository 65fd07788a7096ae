/// Makes a name for each route that has none, from what it matches.
///
/// The same configuration always gives the same names: they are metric labels.
enum RouteNaming {
    static func fill(_ routes: inout [RouteConfig]) {
        var taken = Set(routes.map(\.name).filter { !$0.isEmpty })
        for index in routes.indices where routes[index].name.isEmpty {
            let name = self.name(of: routes[index].match)
            var candidate = name
            var number = 2
            while !taken.insert(candidate).inserted {
                candidate = "\(name)-\(number)"
                number += 1
            }
            routes[index].name = candidate
        }
    }

    /// `GET api.example.com/v1/orders/{rest*}`, at most 120 bytes.
    static func name(of match: RouteMatchConfig) -> String {
        let methods = match.methods.joined(separator: ",")
        var place = match.hosts.first ?? ""
        switch match.paths.first {
        case .none: place += place.isEmpty ? "*" : "/*"
        case .some(let path) where path.kind == .template: place += path.text
        case .some(let path): place += path.text.hasSuffix("/") ? "\(path.text)*" : "\(path.text)/*"
        }
        let name = methods.isEmpty ? place : "\(methods) \(place)"
        var short = ""
        for character in name {
            guard short.utf8.count + String(character).utf8.count <= 120 else { break }
            short.append(character)
        }
        return short
    }
}
