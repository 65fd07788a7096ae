import MartletHTTP
import Testing

@Suite struct PathNormaliserTests {
    @Test(arguments: [
        ("/%61%2D%2e%5F%7e", "/a-._~"), ("/%c3%a9", "/%C3%A9"), ("/a%2cb", "/a%2Cb"),
        ("/%20%22%3c", "/%20%22%3C"), ("/a//b", "/a/b"), ("//", "/"), ("///a///", "/a/"),
        ("/.", "/"), ("/./", "/"), ("/a/.", "/a/"), ("/a/./b", "/a/b"), ("/a/..", "/"),
        ("/a/../b", "/b"), ("/a/b/..", "/a/"), ("/a/b/../c", "/a/c"), ("/a/%2e%2e/b", "/b"),
        ("/a/b/../../c", "/c"), ("/a//../b", "/b"), ("/...", "/..."), ("/..a", "/..a"),
        ("/.a/b", "/.a/b"), ("/a./b", "/a./b"), ("/a../b", "/a../b"),
        ("/.well-known/x", "/.well-known/x"),
        ("/a;/../b", "/b"), ("/a;b", "/a;b"), ("/a%3bb", "/a%3Bb"), ("/%25", "/%25"),
        ("/a%25zz", "/a%25zz"), ("/%252", "/%252"), ("/%F0%9F%98%80", "/%F0%9F%98%80"),
        ("/a%3Fb%23c", "/a%3Fb%23c"), ("/...;x", "/...;x"), ("/a;..", "/a;.."),
    ])
    func normalises(target: String, path: String) {
        let fixture = TargetFixture(target)
        #expect(fixture.error == nil)
        #expect(fixture.path == path)
        #expect(fixture.traits == [])
    }

    @Test(
        arguments: [
            ("/a%2fb", "/a%2Fb", .encodedSlash), ("/a%5cb", "/a%5Cb", .encodedBackslash),
            ("/a%00", "/a%00", .encodedControls), ("/%1f", "/%1F", .encodedControls),
            ("/%7f", "/%7F", .encodedControls), ("/..%00", "/..%00", .encodedControls),
            ("/..%0a/b", "/..%0A/b", .encodedControls),
            ("/%252e", "/%252e", .doubleEncoding), ("/..%252f", "/..%252f", .doubleEncoding),
            ("/%25%32%65", "/%252e", .doubleEncoding), ("/%25%32e", "/%252e", .doubleEncoding),
            ("/%252%65", "/%252e", .doubleEncoding), ("/%25252e", "/%25252e", .doubleEncoding),
            ("/%ff", "/%FF", .invalidUTF8), ("/%c0%af", "/%C0%AF", .invalidUTF8),
            ("/%c1%81", "/%C1%81", .invalidUTF8), ("/%e0%80%af", "/%E0%80%AF", .invalidUTF8),
            ("/%f0%80%80%af", "/%F0%80%80%AF", .invalidUTF8), ("/%c3", "/%C3", .invalidUTF8),
            ("/%c3/%a9", "/%C3/%A9", .invalidUTF8), ("/%c3a", "/%C3a", .invalidUTF8),
            ("/%ed%a0%80", "/%ED%A0%80", .invalidUTF8),
            ("/%f4%90%80%80", "/%F4%90%80%80", .invalidUTF8),
            ("/%f5%80%80%80", "/%F5%80%80%80", .invalidUTF8), ("/%80", "/%80", .invalidUTF8),
            ("/%2f%00", "/%2F%00", [.encodedSlash, .encodedControls]),
            ("/%00/../a", "/a", .encodedControls), ("/%252e/../a", "/a", .doubleEncoding),
        ] as [(String, String, PathTraits)])
    func notesTraits(target: String, path: String, traits: PathTraits) {
        let fixture = TargetFixture(target)
        #expect(fixture.error == nil)
        #expect(fixture.path == path)
        #expect(fixture.traits == traits)
    }

    /// Ways to write `/admin` that a rule on `/admin` must not miss.
    static let forbiddenSpellings: [String] = [
        "/admin", "/admin/", "/admin?", "/admin?x", "/admin;", "/admin;x=1", "/admin;/", "//admin",
        "///admin", "/./admin", "/././admin", "/.//admin", "//./admin", "/admin/.", "/admin/./",
        "/x/../admin", "/x/y/../../admin", "/x//../admin", "/x/./../admin", "/../admin",
        "/../../admin", "/x/../../admin", "/./../admin", "/%61dmin", "/%61%64%6d%69%6e", "/adm%69n",
        "/%2e/admin", "/%2E/admin", "/%2e%2e/admin", "/x/%2e%2e/admin", "/x/.%2e/admin",
        "/x/%2e./admin", "/x/%2E%2E/admin", "/%2fadmin", "/%2Fadmin", "/x%2f..%2fadmin",
        "/x/..%2fadmin", "/..%2fadmin", "/x%2f../admin", "/admin%2f", "/admin%2fx", "/%5cadmin",
        "/x%5c..%5cadmin", "/x/..%5cadmin", "/\\admin", "\\admin", "/x\\..\\admin", "/x/..\\admin",
        "/admin%00", "/admin%00.css", "/%00/admin", "/..%00/admin", "/x/..%00/admin", "/admin%0a",
        "/admin%0d%0a", "/admin%09", "/admin%7f", "/%2561dmin", "/%252e%252e/admin",
        "/x/%252e%252e/admin",
        "/x/..%252fadmin", "/%25%36%31dmin", "/%252fadmin", "/x/%25252e%25252e/admin",
        "/%c0%afadmin", "/x/%c0%ae%c0%ae/admin", "/%c1%a1dmin", "/%e0%80%afadmin",
        "/x/%e0%80%ae%e0%80%ae/admin", "/%f0%80%80%afadmin", "/%u0061dmin", "/%u002fadmin",
        "/%2/admin",
        "/%admin", "/admin%", "/x/..;/admin", "/..;/admin", "/x/..;a=b/admin", "/.;/admin",
        "/x/.;/../admin", "/x/%2e%2e;/admin", "/x/..%3b/admin", "/;/admin", "/;x/admin",
        "/x/../;/admin",
        "/%3b/admin", "/admin#", "/admin#x", "/x#/../admin", "/admin /", "/ admin", "/admin\u{9}",
        "/admin\u{0}", "/\u{ff0f}admin", "/admin\u{301}", "/x/\u{ff0e}\u{ff0e}/admin",
        "http://example.com/admin",
        "http://example.com//admin", "http://example.com/x/../admin", "http://example.com\\admin",
        "http://example.com/%61dmin", "HTTP://EXAMPLE.COM:80/admin", "http://x@example.com/admin",
        "http:/admin", "http:admin", "admin", "x/../admin", "//example.com/../admin", "*/admin",
        "?/admin",
        "/x/y/%2e%2e/.%2e/admin", "/admin/x/..", "/admin/%2e", "/admin/x/../", "/admin//",
    ]

    @Test(arguments: forbiddenSpellings)
    func noSpellingHidesAForbiddenPath(target: String) {
        let fixture = TargetFixture(target)
        guard fixture.error == nil, fixture.traits.isEmpty else { return }
        let path = fixture.path
        // `//example.com/../admin` normalises to `/admin`, and so must all the rest.
        let isCaught = path == "/admin" || path.hasPrefix("/admin/") || path.hasPrefix("/admin;")
        #expect(isCaught, "\(target) became \(path)")
    }

    @Test func theListOfSpellingsIsLong() {
        #expect(Set(Self.forbiddenSpellings).count >= 80)
        let errors = Self.forbiddenSpellings.filter { TargetFixture($0).error != nil }
        let flagged = Self.forbiddenSpellings.filter { !TargetFixture($0).traits.isEmpty }
        #expect(errors.count > 30)
        #expect(flagged.count > 20)
    }

    /// A head made of pieces that matter to the normaliser, drawn by a seeded generator.
    private static func randomTarget(_ random: inout SplitMix64) -> [UInt8] {
        let pieces = [
            "/", "//", ".", "..", "%2e", "%2E", "%2f", "%5c", "%00", "%25", "2e", "a", "b", ";",
            "%3b",
            "%61", "%c3", "%a9", "%c0", "%af", "%7e", "%20", "%", "?", "-", "%ff", "/./", "/../",
            "x",
        ]
        var target = "/"
        for _ in 0..<Int(random.next() % 12) {
            target += pieces[Int(random.next() % UInt64(pieces.count))]
        }
        return Array(target.utf8)
    }

    @Test func normalisingTwiceChangesNothing() {
        var random = SplitMix64(state: 0x6d61_7274_6c65_7401)
        var acceptedCount = 0
        for _ in 0..<40_000 {
            let target = Self.randomTarget(&random)
            let once = TargetFixture(bytes: target)
            guard once.error == nil else { continue }
            acceptedCount += 1
            let path = once.path
            let twice = TargetFixture(path)
            #expect(twice.error == nil, "\(target.span.text) → \(path)")
            #expect(twice.path == path, "\(target.span.text)")
            #expect(twice.traits.isSubset(of: once.traits), "\(target.span.text)")
            #expect(path.hasPrefix("/"))
            #expect(path.utf8.count <= target.count)
            for shape in ["//", "/./", "/../", "/;", "/..;", "\\"] {
                #expect(!path.contains(shape), "\(target.span.text) → \(path)")
            }
            #expect(!path.hasSuffix("/.") && !path.hasSuffix("/.."))
        }
        #expect(acceptedCount > 4_000)
    }

    @Test func arbitraryBytesNeverTrap() {
        var random = SplitMix64(state: 0x6d61_7274_6c65_7402)
        var refusedCount = 0
        for _ in 0..<20_000 {
            let count = Int(random.next() % 24)
            let target = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if TargetFixture(bytes: target).error != nil { refusedCount += 1 }
            let behindSlash = TargetFixture(bytes: [0x2f] + target)
            if behindSlash.error != nil { refusedCount += 1 }
        }
        #expect(refusedCount > 20_000)
    }

    @Test func aLongPathTakesLinearTime() {
        let target = String(repeating: "/a/..", count: 20_000) + "/%61"
        #expect(TargetFixture(target).path == "/a")
        let climbing =
            String(repeating: "/a", count: 20_000) + String(repeating: "/..", count: 20_000)
        #expect(TargetFixture(climbing).path == "/")
    }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed &>> 31)
    }
}
