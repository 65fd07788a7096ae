/// Response fields by which clients learn what software answers them, and how it fares.
enum RevealingField {
    private static let names: Set<String> = [
        "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator", "x-runtime",
        "x-php-version", "x-backend-server", "x-served-by", "x-upstream", "x-upstream-addr",
    ]

    /// Notes the fields that a route sets, for what only the whole shows: who reaches them.
    static func checkedValues(_ kind: ValueKind<[Named<String>]>) -> ValueKind<[Named<String>]> {
        kind.checked { named, node, decoder in
            guard case .mapping(let entries) = node.value else { return }
            for entry in entries {
                guard let value = named.first(where: { $0.name == entry.key })?.value,
                    self.isRevealing(entry.key.lowercased(), value)
                else { continue }
                decoder.need(
                    .revealingField(entry.key.lowercased()), at: entry.keyLocation,
                    path: "\(decoder.pathText).\(entry.key)")
            }
        }
    }

    /// The same for those of an upstream that are kept.
    static func checkedName(_ kind: ValueKind<String>) -> ValueKind<String> {
        kind.checked { name, node, decoder in
            decoder.need(.revealingField(name.lowercased()), at: node.location)
        }
    }

    /// A `server` without a number says little more than that there is one.
    private static func isRevealing(_ name: String, _ value: String) -> Bool {
        self.names.contains(name) || name == "x-debug" || name.hasPrefix("x-debug-")
            || (name == "server" && value.utf8.contains { 0x30...0x39 ~= $0 })
    }
}
