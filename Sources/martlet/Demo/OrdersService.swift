import HTTPTypes
import Hummingbird

/// The demo's orders API in JSON.
///
/// It says in each answer what reached it, so that rewrites show.
enum OrdersService {
    private struct Order: Codable, Sendable {
        var item: String
        var quantity: Int
    }

    private struct NumberedOrder: ResponseEncodable {
        var id: Int
        var item: String
        var quantity: Int
        /// The path as the service saw it.
        var servedPath: String
        /// From the header that the route sets.
        var tenant: String?

        init(_ number: Int, _ order: Order, _ request: Request) {
            self.id = number
            self.item = order.item
            self.quantity = order.quantity
            self.servedPath = request.uri.path
            self.tenant = HTTPField.Name("x-tenant").flatMap { request.headers[$0] }
        }
    }

    static func make(port: Int) -> SampleService {
        SampleService(name: "orders", port: port, banner: "Orders/3.2", router: self.router)
    }

    @Sendable
    private static func router() -> Router<SampleContext> {
        let store = SampleStore([
            1: Order(item: "tea", quantity: 2), 2: Order(item: "kettle", quantity: 1),
            7: Order(item: "cups", quantity: 6),
        ])
        let router = Router(context: SampleContext.self)
        router.get("orders") { request, _ in
            await store.all().map { NumberedOrder($0.number, $0.record, request) }
        }
        router.get("orders/{id}") { request, context in
            let number = try context.parameters.require("id", as: Int.self)
            guard let order = await store.find(number) else {
                throw HTTPError(.notFound, message: "there is no order \(number)")
            }
            return EditedResponse(
                headers: self.version, response: NumberedOrder(number, order, request))
        }
        router.post("orders") { request, context in
            let order = try await request.decode(as: Order.self, context: context)
            guard 1...1000 ~= order.quantity, !order.item.isEmpty else {
                throw HTTPError(.unprocessableContent, message: "1 to 1000 of some item")
            }
            guard let number = await store.add(order) else {
                throw HTTPError(.serviceUnavailable, message: "no room for more orders")
            }
            return EditedResponse(
                status: .created, headers: self.version,
                response: NumberedOrder(number, order, request))
        }
        return router
    }

    /// What the route removes from answers.
    private static var version: HTTPFields {
        guard let name = HTTPField.Name("x-service-version") else { return [:] }
        return [name: "3.2.1"]
    }
}
