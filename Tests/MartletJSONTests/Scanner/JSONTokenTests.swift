import MartletJSON
import Testing

@Suite struct JSONTokenTests {
    static let tokens: [(String, [String])] = [
        ("[ 10, \"ab\" ]", ["beginArray 0+1", "number 2+2", "string 7+2", "endArray 11+2"]),
        (
            "{\"a\":\"\\n\"}",
            ["beginObject 0+1", "key 2+1", "string 6+2 intricate", "endObject 9+1"]
        ),
        ("[-1.5]", ["beginArray 0+1", "number 1+4 intricate", "endArray 5+1"]),
        ("[true,null]", ["beginArray 0+1", "true 1+4", "null 6+4", "endArray 10+2"]),
        (
            "[[],{}]",
            [
                "beginArray 0+1", "beginArray 1+1", "endArray 2+0", "beginObject 4+1",
                "endObject 5+0",
                "endArray 6+2",
            ]
        ),
    ]

    @Test(arguments: tokens)
    func tellWhereTheyStand(text: String, expected: [String]) {
        var scanner = JSONScanner()
        let bytes = Array(text.utf8)
        var found: [String] = []
        while true {
            let token = scanner.next(bytes.span, isComplete: true)
            guard token.kind != .end, token.kind != .failed else { break }
            let place = "\(token.kind) \(token.offset)+\(token.count)"
            found.append(token.isIntricate ? place + " intricate" : place)
        }
        #expect(found == expected)
    }
}
