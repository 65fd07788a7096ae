import HTTPTypes
import Hummingbird

/// The demo's customers API: JSON, and proud of the software that it runs on.
enum CustomersService {
    private struct Customer: Codable, Sendable {
        var name: String
        var city: String
    }

    private struct NumberedCustomer: ResponseEncodable {
        var id: Int
        var name: String
        var city: String

        init(_ number: Int, _ customer: Customer) {
            self.id = number
            self.name = customer.name
            self.city = customer.city
        }
    }

    static func make(port: Int) -> SampleService {
        SampleService(
            name: "customers", port: port, banner: "Customers/2.1 (Hummingbird)",
            router: self.router)
    }

    @Sendable
    private static func router() -> Router<SampleContext> {
        let store = SampleStore([
            1: Customer(name: "Ada Byron", city: "London"),
            7: Customer(name: "Grace Murray", city: "New York"),
            9: Customer(name: "Emmy Noether", city: "Göttingen"),
        ])
        let router = Router(context: SampleContext.self)
        router.get("customers") { _, _ in
            EditedResponse(
                headers: self.boast,
                response: await store.all().map { NumberedCustomer($0.number, $0.record) })
        }
        router.get("customers/{id}") { _, context in
            let number = try context.parameters.require("id", as: Int.self)
            guard let customer = await store.find(number) else {
                throw HTTPError(.notFound, message: "there is no customer \(number)")
            }
            return EditedResponse(
                headers: self.boast, response: NumberedCustomer(number, customer))
        }
        router.post("customers") { request, context in
            let customer = try await request.decode(as: Customer.self, context: context)
            guard let number = await store.add(customer) else {
                throw HTTPError(.serviceUnavailable, message: "no room for more customers")
            }
            return EditedResponse(
                status: .created, headers: self.boast,
                response: NumberedCustomer(number, customer))
        }
        return router
    }

    private static var boast: HTTPFields {
        guard let name = HTTPField.Name("x-powered-by") else { return [:] }
        return [name: "Swift"]
    }
}
