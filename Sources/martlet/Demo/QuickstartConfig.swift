/// The text of the quickstart example, for a Martlet without its repository; a test compares them.
enum QuickstartConfig {
    static let path = "examples/quickstart/martlet.yaml"

    static let text = #"""
        # Three services behind one public address. `make demo` runs them together with this file.
        listeners:
          public: 127.0.0.1:8080

        upstreams:
          orders: http://127.0.0.1:9001
          customers:
            endpoints: [http://127.0.0.1:9101]
            timeouts: { connect: 250ms, response: 5s }
          legacy: http://127.0.0.1:9201

        routes:
          # The public path /v1/orders stays, wherever the service keeps its own.
          - name: orders
            match:
              path: [/v1/orders, "/v1/orders/{rest*}"]
              methods: [GET, POST]
            rewrite: { strip-prefix: /v1 }
            upstream: orders
            headers:
              request: { set: { x-tenant: acme } }
              response: { remove: [x-service-version] }

          - name: customer
            match: { path: "/v1/customers/{id:int}", methods: [GET] }
            rewrite: "/customers/{id}"
            upstream: customers

          # The old XML service, reachable under a name that will outlive it.
          - name: invoices
            match: { prefix: /v1/invoices, methods: [GET] }
            rewrite: { prefix: /legacy/invoices }
            upstream: legacy
            headers: { request: { set: { accept: application/xml } } }

          - name: old-shop
            match: { prefix: /shop }
            redirect: { status: 308, prefix: /v1/orders }

          - name: about
            match: { path: / }
            respond:
              status: 200
              headers: { content-type: text/plain }
              body: "orders, customers and invoices are under /v1"

        """#

    /// The same with other ports.
    static func text(_ ports: DemoPorts) -> String {
        let standard = DemoPorts()
        let changes = [
            (standard.traffic, ports.traffic), (standard.orders, ports.orders),
            (standard.customers, ports.customers), (standard.invoices, ports.invoices),
        ]
        var text = self.text
        for (old, new) in changes {
            text = text.replacing("127.0.0.1:\(old)", with: "127.0.0.1:\(new)")
        }
        guard ports.admin != standard.admin else { return text }
        return text + "\nadmin: 127.0.0.1:\(ports.admin)\n"
    }
}
