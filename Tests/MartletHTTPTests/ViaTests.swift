import MartletHTTP
import Testing

@Suite struct ViaTests {
    @Test(arguments: [(UInt8(0), "via: 1.0 martlet"), (1, "via: 1.1 martlet")])
    func appends(minorVersion: UInt8, line: String) {
        var headers = HeaderLines.list(["via: 1.0 fred"])
        Via.append(to: &headers, minorVersion: minorVersion)
        let lines = HeaderLines.text(headers)
        #expect(lines == ["via: 1.0 fred", line])
    }

    @Test(
        arguments: [
            ([], false), (["via: 1.1 martlet"], false),
            (Array(repeating: "via: 1.1 martlet", count: 5), false),
            (Array(repeating: "via: 1.1 martlet", count: 6), true),
            (
                [
                    "via: 1.1 martlet, 1.0\tMartlet, 1.1  martlet",
                    "via: HTTP/1.1 martlet (x), 1.1 martlet, 2 martlet",
                ], true
            ),
            (
                ["via: 1.1 martlets,1.1 martlet:80,1.1 a martlet,martlet,,1.1 (martlet),1.1 x"],
                false
            ),
            (Array(repeating: "via: 1.1 x (never closed, 1.1 martlet", count: 6), true),
            (["via: ,,, ,"], false),
            (["via: \(String(repeating: "1.1 martlet,", count: 1000))"], true),
            (Array(repeating: "x-via: 1.1 martlet", count: 9), false),
        ] as [([String], Bool)])
    func findsLoops(lines: [String], isLoop: Bool) {
        #expect(Via.isLoop(HeaderLines.list(lines)) == isLoop)
    }

    @Test func aLoopEnds() {
        var headers = HeaderList()
        var rounds = 0
        while !Via.isLoop(headers), rounds < 100 {
            Via.append(to: &headers, minorVersion: 1)
            rounds += 1
        }
        #expect(rounds == Via.hopsMax + 1)
    }
}
