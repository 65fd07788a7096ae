import MartletHTTP
import Testing

@Suite struct HTTPStatusTests {
    @Test(arguments: [
        (100, "Continue"), (200, "OK"), (204, "No Content"), (302, "Found"),
        (308, "Permanent Redirect"),
        (404, "Not Found"), (405, "Method Not Allowed"), (413, "Content Too Large"),
        (429, "Too Many Requests"), (502, "Bad Gateway"), (504, "Gateway Timeout"), (299, ""),
        (418, ""), (499, ""), (599, ""), (0, ""), (-1, ""), (1000, ""), (306, ""),
    ])
    func namesCodes(code: Int, reason: String) {
        #expect(HTTPStatus.reason(code).description == reason)
    }

    @Test(arguments: [
        (100, true), (199, true), (200, false), (204, true), (205, false), (304, true),
        (404, false),
    ])
    func tellsBodies(code: Int, forbidsBody: Bool) {
        #expect(HTTPStatus.forbidsBody(code) == forbidsBody)
    }
}
