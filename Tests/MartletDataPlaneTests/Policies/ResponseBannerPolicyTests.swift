import MartletDataPlane
import MartletHTTP
import Testing

@Suite struct ResponseBannerPolicyTests {
    static let before = [
        "Server: s", "X-Powered-By: p", "x-aspnet-version: 4", "X-AspNetMvc-Version: 5", "via: v",
        "a: 1",
    ]

    @Test(
        arguments: [
            ([], ["via: v", "a: 1"]), (["SERVER"], ["Server: s", "via: v", "a: 1"]),
            (["via", "b"], ["via: v", "a: 1"]),
            (["server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version"], before),
        ] as [([String], [String])])
    func hides(keep: [String], after: [String]) {
        var headers = EditedRequest.list(Self.before)
        ResponseBannerPolicy(keep: keep).apply(to: &headers)
        let lines = EditedRequest.lines(headers)
        #expect(lines == after)
    }
}
