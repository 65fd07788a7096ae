import MartletHTTP
import Testing

@Suite struct RequestHeadTests {
    /// A head is reused for the next exchange: nothing of one client may be left for another.
    @Test func resetLeavesNothing() {
        let fixture = TargetFixture(
            "http://a.example:81/x%2Fy?q", method: "PUT", hosts: ["a.example:81"], minorVersion: 0)
        let head = fixture.head
        #expect(fixture.error == nil)
        head.methodBytes = head.headers.appendBytes("PUT")
        head.framing = .length(7)
        #expect(!head.path.isEmpty && head.hasQuery && !head.host.isEmpty)
        #expect(head.pathTraits == .encodedSlash)

        head.reset()
        let fresh = RequestHead()
        let (isEmpty, byteCount) = (head.headers.isEmpty, head.headers.bytes.count)
        #expect(isEmpty)
        #expect(byteCount == 0)
        let presence = head.headers.presence
        #expect(presence == 0)
        #expect(head.method == fresh.method)
        #expect(head.methodBytes == fresh.methodBytes)
        #expect(head.path == fresh.path)
        #expect(head.query == fresh.query)
        #expect(head.hasQuery == fresh.hasQuery)
        #expect(head.pathTraits == fresh.pathTraits)
        #expect(head.authority == fresh.authority)
        #expect(head.host == fresh.host)
        #expect(head.minorVersion == fresh.minorVersion)
        #expect(head.framing == fresh.framing)
    }

    @Test func pathTraitsAreBitsOfTheirOwn() {
        let traits: [PathTraits] = [
            .encodedSlash, .encodedBackslash, .encodedControls, .doubleEncoding, .invalidUTF8,
        ]
        #expect(traits.reduce(0) { $0 + $1.rawValue.nonzeroBitCount } == traits.count)
        #expect(PathTraits(traits).rawValue.nonzeroBitCount == traits.count)
    }
}
