import MartletHTTP
import Testing

@Suite struct MethodTests {
    @Test(arguments: Method.allCases.dropFirst())
    func everyMethodIsRecognisedInItsOwnCaseOnly(method: Method) {
        let name = method.name.description
        #expect(Method(Array(name.utf8).span) == method)
        for other in [name.lowercased(), name + "X", String(name.dropLast()), " " + name] {
            let read = Method(Array(other.utf8).span)
            #expect(read != method)
        }
    }

    @Test func safety() {
        #expect(Method.allCases.filter(\.isSafe) == [.get, .head, .options, .trace])
    }

    @Test func idempotence() {
        let idempotent = Method.allCases.filter(\.isIdempotent)
        #expect(idempotent == [.get, .head, .put, .delete, .options, .trace])
    }
}
