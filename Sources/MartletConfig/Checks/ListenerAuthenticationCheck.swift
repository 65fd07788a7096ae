/// Routes whose listeners have different policies: a route has one, so that it has to say which.
enum ListenerAuthenticationCheck {
    static func check(_ document: ConfigDocument, _ decoder: inout ConfigDecoder) {
        for (index, route) in document.routes.enumerated()
        where route.authentication == .inherited {
            let listeners = document.servingListeners(of: route)
            guard let first = listeners.first,
                let other = listeners.first(where: {
                    document.authentication(on: $0) != document.authentication(on: first)
                })
            else { continue }
            decoder.path = [.key("routes"), .index(index)]
            decoder.add(
                at: route.source,
                "this route would have \(self.shown(first, document)) and "
                    + "\(self.shown(other, document)), and a route has one policy",
                hint: "give it `authentication`, or `listeners` that have the same; or make it two "
                    + "routes",
                related: (other.authentication == .inherited ? first : other).source)
        }
        decoder.path = []
    }

    private static func shown(_ listener: ListenerConfig, _ document: ConfigDocument) -> String {
        let name = ConfigNode.quote(listener.name)
        switch document.authentication(on: listener) {
        case .named(let policy): return "the policy \(ConfigNode.quote(policy)) on \(name)"
        case .none, .inherited, .inline: return "none on \(name)"
        }
    }
}
