import Testing

/// What follows a command's name decides whether it is one.
@Suite struct CommandArgumentTests {
    @Test(arguments: [
        "; wc -l", "; less /x", ";curl a.example", "; wget http://a.example", ";id > x",
        "; id # x", "; find . -name a", "; kill -9 1", "; ls; x", ";git $x", "|sleep 2s",
        "; useradd eve", ";fetch 192.0.2.1",
    ])
    func tells(_ text: String) {
        #expect(Inspected.value(text).contains("command-separated"), "\(Inspected.value(text))")
    }

    @Test(arguments: [
        "; id=5", "; time -- and again", "; less is more", "; more of this.", "; id #5 of 9",
        "; watch a.example with us", "; grep is a tool of the trade", "; at $5", "; sort -1",
    ])
    func isProse(_ text: String) {
        #expect(Inspected.value(text) == [])
    }
}
