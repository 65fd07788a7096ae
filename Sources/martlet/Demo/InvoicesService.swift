import HTTPTypes
import Hummingbird
import NIOCore

/// The demo's service of another age: XML, paths of its own, faults instead of error documents.
enum InvoicesService {
    private struct Invoice: Codable, Sendable {
        var customer: Int
        var cents: Int
    }

    static func make(port: Int) -> SampleService {
        SampleService(
            name: "invoices", port: port, banner: "LegacyXML/0.9", router: self.router)
    }

    @Sendable
    private static func router() -> Router<SampleContext> {
        let store = SampleStore([
            1: Invoice(customer: 7, cents: 12_900), 2: Invoice(customer: 1, cents: 4_550),
        ])
        let router = Router(context: SampleContext.self)
        router.get("legacy/invoices") { _, _ in
            let items = await store.all().map { self.element($0.number, $0.record) }
            return self.answer(.ok, "<invoices>\n" + items.joined() + "</invoices>\n")
        }
        router.get("legacy/invoices/{id}") { _, context in
            let text = try context.parameters.require("id")
            guard let number = Int(text), let invoice = await store.find(number) else {
                return self.fault(.notFound, "no such invoice")
            }
            return self.answer(.ok, self.element(number, invoice))
        }
        router.post("legacy/invoices") { request, _ in
            let body = try await request.body.collect(upTo: 4096)
            guard let invoice = self.invoice(String(buffer: body)) else {
                return self.fault(.badRequest, "expected customer=NUMBER&amp;cents=NUMBER")
            }
            guard let number = await store.add(invoice) else {
                return self.fault(.serviceUnavailable, "no room for more invoices")
            }
            return self.answer(.created, self.element(number, invoice))
        }
        return router
    }

    /// From `customer=7&cents=100`, as its forms send it.
    private static func invoice(_ form: String) -> Invoice? {
        var numbers: [Substring: Int] = [:]
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[1]), number >= 0 else { return nil }
            numbers[parts[0]] = number
        }
        guard let customer = numbers["customer"], let cents = numbers["cents"] else { return nil }
        return Invoice(customer: customer, cents: cents)
    }

    private static func element(_ number: Int, _ invoice: Invoice) -> String {
        let cents = "\(invoice.cents % 100 + 100)".dropFirst()
        return "<invoice id=\"\(number)\" customer=\"\(invoice.customer)\">"
            + "<total currency=\"EUR\">\(invoice.cents / 100).\(cents)</total></invoice>\n"
    }

    private static func fault(_ status: HTTPResponse.Status, _ reason: String) -> Response {
        self.answer(
            status,
            """
            <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
            <soap:Fault><faultcode>soap:Client</faultcode><faultstring>\(reason)</faultstring>\
            </soap:Fault></soap:Body></soap:Envelope>

            """)
    }

    private static func answer(_ status: HTTPResponse.Status, _ xml: String) -> Response {
        Response(
            status: status, headers: [.contentType: "application/xml; charset=utf-8"],
            body: ResponseBody(
                byteBuffer: ByteBuffer(
                    string: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml)))
    }
}
