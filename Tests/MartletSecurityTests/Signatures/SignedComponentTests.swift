import MartletSecurity
import Testing

@Suite struct SignedComponentTests {
    @Test(arguments: [
        "@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query",
        "content-type",
    ])
    func namesComeBack(name: String) {
        #expect(SignedComponent(name)?.identifier == "\"\(name)\"")
        #expect(SignedComponent(name, parameter: "x") == nil)
    }

    @Test(arguments: ["", "@", "@status", "@Method", "Content-Type"])
    func others(name: String) { #expect(SignedComponent(name) == nil) }
}
