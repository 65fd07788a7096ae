/// Decides whether a text is a URL that makes a server call itself, its cloud, or a stranger.
enum AddressDetector {
    static func detect(_ text: Span<UInt8>, part: RequestPart, into rules: inout RuleSet) {
        if let bar = text.index(of: UInt8(ascii: "|"), from: 0), text.contains("unix:"),
            text.holds("http", at: bar + 1) || text.holds("fcgi", at: bar + 1)
                || text.holds("ajp", at: bar + 1) || text.holds("uwsgi", at: bar + 1)
        {
            rules.insert(.forgeryProxy)
        }
        var index = 0
        var hasURL = false
        while let slashes = text.index(of: "//", from: index) {
            index = slashes + 2
            hasURL = true
            guard slashes == 0 || text.at(slashes - 1) == UInt8(ascii: ":") else {
                // `http::80//169.254.169.254/`
                Self.metadata(text, from: index, into: &rules)
                continue
            }
            Self.authority(text, from: index, scheme: slashes, into: &rules)
        }
        if !hasURL { Self.bareHost(text, into: &rules) }
        if Self.cutsOff(text) { rules.insert(.includeRemote) }
    }

    /// `http://x/y?`: what the program appends becomes the query.
    private static func cutsOff(_ text: Span<UInt8>) -> Bool {
        guard text.hasSuffix("?"), text.count < 2048 else { return false }
        guard text.hasPrefix("http") || text.hasPrefix("ftp") else { return false }
        for index in text.indices where TextByte.isBlank(text[index]) { return false }
        let first = text.index(of: UInt8(ascii: "?"), from: 0) ?? 0
        return text.contains("://") || first < 6
    }

    private static let includeNames = WordTable([
        (
            1,
            """
            mosconfig_absolute_path mosconfig_live_site _conf[path] _server[document_root] \
            gallery_basedir path[docroot] appserv_root config[root_dir] document_root \
            absolute_path root_path includepath include_path phpbb_root_path base_path basepath
            """
        )
    ])

    /// A URL for a parameter that old programs include code by.
    static func includes(_ value: Span<UInt8>, named name: Span<UInt8>) -> Bool {
        guard value.count > 6, 6...80 ~= name.count,
            value.at(0) | 0x20 == UInt8(ascii: "h") || value.at(0) | 0x20 == UInt8(ascii: "f")
        else { return false }
        var head: [24 of UInt8] = .init(repeating: 0)
        let headCount = Self.decode(value, limit: 24, into: &head)
        guard
            let slash = head.span.index(of: UInt8(ascii: "/"), from: 3, before: min(9, headCount)),
            head[slash + 1] == UInt8(ascii: "/"), head[slash - 1] == UInt8(ascii: ":")
        else { return false }
        var folded: [80 of UInt8] = .init(repeating: 0)
        let count = Self.decode(name, limit: 80, into: &folded)
        let letters = folded.span
        if letters.hasPrefix("include"), letters.at(letters.skippingBlanks(from: 7)) == 0x28 {
            return true
        }
        return Self.includeNames.kind(of: letters, 0..<count) != 0
    }

    /// Percent encoding undone and in lower case, as far as there is room.
    private static func decode<let size: Int>(
        _ text: Span<UInt8>, limit: Int, into out: inout [size of UInt8]
    ) -> Int {
        var count = 0
        var index = 0
        while index < text.count, count < min(limit, size) {
            var byte = text[index]
            if byte == UInt8(ascii: "%"), let high = TextByte.hexValue(text.at(index + 1)),
                let low = TextByte.hexValue(text.at(index + 2))
            {
                byte = high &<< 4 | low
                index += 2
            }
            out[count] = TextByte.lowercased(byte)
            count += 1
            index += 1
        }
        return count
    }

    private static func metadata(
        _ text: Span<UInt8>, from start: Int, into rules: inout RuleSet
    ) {
        var end = start
        while end < min(text.count, start + 64), !Self.endsAuthority(text[end]) { end += 1 }
        if case .metadata = HostKind(text, start..<end) { rules.insert(.forgeryMetadata) }
    }

    private static func authority(
        _ text: Span<UInt8>, from start: Int, scheme: Int, into rules: inout RuleSet
    ) {
        var end = start
        var hostStart = start
        while end < min(text.count, start + 512), !Self.endsAuthority(text[end]) {
            if text[end] == UInt8(ascii: "@") { hostStart = end + 1 }
            end += 1
        }
        // `http://a.example#@b/`: readers differ about which of the two hosts it is.
        if text.at(end) == UInt8(ascii: "#") || text.at(end) == UInt8(ascii: "\\"),
            text.at(end + 1) == UInt8(ascii: "@")
        {
            rules.insert(.forgeryAddress)
        }
        // `//192.0.2.1/x` as a whole value is a URL too.
        let hasScheme = scheme > 0 || start == 2
        switch HostKind(text, hostStart..<end) {
        case .name: break
        // Asked by its name, the service answers to a path only.
        case .metadata where TextByte.isLetter(text.at(hostStart)) && text.at(end) != 0x2f: break
        case .metadata: rules.insert(.forgeryMetadata)
        case .local: rules.insert(.forgeryLocal)
        case .odd: rules.insert(.forgeryAddress)
        case .address: if hasScheme { rules.insert(.includeAddress) }
        }
    }

    /// `localhost/`, `169.254.169.254/latest` as a whole value.
    private static func bareHost(_ text: Span<UInt8>, into rules: inout RuleSet) {
        let slash = text.index(of: UInt8(ascii: "/"), from: 0, before: 256)
        guard let slash, slash > 2 else { return }
        switch HostKind(text, 0..<slash) {
        case .metadata: rules.insert(.forgeryMetadata)
        case .local: rules.insert(.forgeryLocal)
        default: break
        }
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";"):
            true
        default: TextByte.isBlank(byte)
        }
    }
}

/// What a host of a URL is, from its spelling alone.
enum HostKind {
    case name
    /// Services at which clouds hand out credentials.
    case metadata
    /// The server itself, its neighbours, and names that resolve to them.
    case local
    /// An address in a spelling that only hides it.
    case odd
    /// A plain public address.
    case address

    private static let metadataHosts = WordTable([
        (
            1,
            """
            169.254.169.254 169.254.170.2 169.254.169.123 192.0.0.192 100.100.100.200 \
            instance-data rancher-metadata fd00:ec2::254 ::ffff:a9fe:a9fe ::ffff:169.254.169.254 \
            metadata metadata.google.internal metadata.goog metadata.tencentyun.com \
            metadata.packet.net metadata.platformequinix.com
            """
        )
    ])
    private static let localSuffixes: StaticString = """
        localhost localhost.localdomain localhost4 localhost6 localhost4.localdomain4 \
        localhost6.localdomain6 localdomain host.docker.internal gateway.docker.internal \
        docker.internal kubernetes.default kubernetes.default.svc kube-system.svc service.consul \
        svc.cluster.local cluster.local lvh.me localtest.me \
        vcap.me lacolhost.com nip.io sslip.io xip.io readme.localtest.me bugbounty.dod.network \
        spoofed.burpcollaborator.net burpcollaborator.net oastify.com interact.sh oast.fun \
        oast.pro oast.live oast.site oast.online oast.me rebind.network 1u.ms ip6-localhost \
        ip6-loopback home.arpa yoogle.com
        """
    private static let localTable = WordTable([(1, Self.localSuffixes)])

    init(_ text: Span<UInt8>, _ range: Range<Int>) {
        var start = range.lowerBound
        var end = range.upperBound
        if text.at(start) == UInt8(ascii: "["),
            let close = text.index(of: UInt8(ascii: "]"), from: start, before: end)
        {
            start += 1
            end = close
            // `gs://[bucket]`: a name to fill in.
            let hasColon = text.index(of: UInt8(ascii: ":"), from: start, before: end) != nil
            self = hasColon ? Self.address6(text, start..<end) : .name
            return
        }
        if Self.isBareAddress6(text, start..<end) {
            self = Self.address6(text, start..<end)
            return
        }
        if let colon = text.index(of: UInt8(ascii: ":"), from: start, before: end) { end = colon }
        while end > start, text.at(end - 1) == UInt8(ascii: ".") { end -= 1 }
        if Self.metadataHosts.kind(of: text, start..<end) != 0, end - start > 8 {
            self = .metadata
        } else if Self.isLocal(text, start..<end) {
            self = .local
        } else {
            self = Self.number(text, start..<end)
        }
    }

    /// The whole name, or what follows any of its dots.
    private static func isLocal(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while start < range.upperBound {
            if Self.localTable.kind(of: text, start..<range.upperBound) != 0 { return true }
            guard
                let dot = text.index(of: UInt8(ascii: "."), from: start, before: range.upperBound)
            else { return false }
            start = dot + 1
        }
        return false
    }

    /// `2001:db8::1` without the brackets that a URL needs: lax readers take it.
    private static func isBareAddress6(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var colons = 0
        for index in range {
            if text[index] == UInt8(ascii: ":") {
                colons += 1
            } else if TextByte.hexValue(text[index]) == nil {
                return false
            }
        }
        return colons > 1
    }

    private static func address6(_ text: Span<UInt8>, _ range: Range<Int>) -> HostKind {
        if Self.metadataHosts.kind(of: text, range) != 0 { return .metadata }
        if text.holds("::1", at: range.lowerBound), range.count == 3 { return .local }
        if text.holds("::", at: range.lowerBound), range.count == 2 { return .local }
        if text.holds("::ffff:", at: range.lowerBound) || text.holds("fe80:", at: range.lowerBound)
            || text.holds("0:0:0:0:0:", at: range.lowerBound)
        {
            return .local
        }
        return .address
    }

    /// Addresses in decimal, octal and hexadecimal, with one to four parts.
    private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> HostKind {
        guard !range.isEmpty, TextByte.isDigit(text.at(range.lowerBound)) else { return .name }
        var parts = 1
        var isOdd = false
        var isHex = false
        var first = 0
        for index in range {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                parts += 1
                isHex = false
                continue
            }
            let isStart = index == range.lowerBound || text.at(index - 1) == UInt8(ascii: ".")
            if isStart, byte == UInt8(ascii: "0"), index + 1 < range.upperBound,
                text.at(index + 1) != UInt8(ascii: ".")
            {
                isOdd = true
                isHex = text.at(index + 1) == UInt8(ascii: "x")
            }
            let isPrefix = byte == UInt8(ascii: "x") && isHex
            guard TextByte.isDigit(byte) || isPrefix || (isHex && TextByte.hexValue(byte) != nil)
            else { return .name }
            if parts == 1, TextByte.isDigit(byte) {
                first = min(first * 10 + Int(byte - 48), 100_000)
            }
        }
        if isOdd { return .odd }
        if parts < 4 { return parts == 1 && first < 100_000 && range.count < 6 ? .name : .odd }
        if first == 127 || first == 0 { return .local }
        return .address
    }
}
