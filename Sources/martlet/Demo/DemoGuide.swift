/// What the demo prints: commands to try, each with what it shows.
struct DemoGuide: Sendable {
    let ports: DemoPorts
    let configPath: String

    private var commands: [(shows: String, command: String)] {
        let url = "http://127.0.0.1:\(self.ports.traffic)"
        return [
            ("a reply that needs no upstream", "curl -i \(url)/"),
            (
                "routing, a rewrite and a header: the service sees /orders/7 and its tenant",
                "curl -s \(url)/v1/orders/7"
            ),
            (
                "a body, streamed to the service",
                "curl -i -H 'content-type: application/json' "
                    + "-d '{\"item\":\"milk\",\"quantity\":3}' \(url)/v1/orders"
            ),
            (
                "what software the service runs on: it tells, Martlet does not",
                "curl -i http://127.0.0.1:\(self.ports.customers)/customers/7"
            ),
            ("the same through Martlet", "curl -i \(url)/v1/customers/7"),
            (
                "a typed path: seven is no number, so there is no route; the error is a document",
                "curl -i \(url)/v1/customers/seven"
            ),
            ("405, and Allow says what would do", "curl -i -X DELETE \(url)/v1/orders/7"),
            ("an old XML service behind a new path", "curl -i \(url)/v1/invoices/1"),
            ("a redirect that keeps the rest of the path", "curl -i \(url)/shop/7"),
            (
                "a path that climbs out of its route is refused",
                "curl -i --path-as-is '\(url)/v1/orders/..%2F..%2Fadmin'"
            ),
            (
                "what the operator sees",
                "curl -s http://127.0.0.1:\(self.ports.admin)/v1/status"
            ),
        ]
    }

    var text: String {
        var text = """

            Martlet serves http://127.0.0.1:\(self.ports.traffic) as \(self.configPath) says.
            Try these in another terminal; each request leaves one line of access log here.


            """
        for (shows, command) in self.commands { text += "  # \(shows)\n  \(command)\n\n" }
        return text + """
              # the same questions without sending anything
              martlet explain -c \(self.configPath) GET /v1/orders/7

            Edit the configuration while it runs: it is taken up at once. Ctrl-C ends it.


            """
    }
}
