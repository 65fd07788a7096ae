/// The kinds of requests.
extension OrdinaryTraffic {
    mutating func request() -> Request {
        switch self.below(100) {
        case 0..<22: self.get(self.listPath(), self.listQuery())
        case 22..<36: self.get("/v1/search", self.pairs([("q", self.search()), ("page", "1")]))
        case 36..<48: self.get(self.itemPath(), "")
        case 48..<72: self.send(self.listPath(), self.jsonBody(), "application/json")
        case 72..<80:
            self.send("/contact", self.formBody(), "application/x-www-form-urlencoded")
        case 80..<86: self.upload()
        case 86..<90: self.send("/soap/orders", self.xmlBody(), "application/xml; charset=utf-8")
        case 90..<95: self.get(self.listPath(), self.conventionQuery())
        default: self.developers()
        }
    }

    /// What developers and editors send: about code, errors and pages.
    private mutating func developers() -> Request {
        switch self.below(6) {
        case 0: self.get("/v1/search", self.pairs([("q", self.pick(OrdinaryText.wordings))]))
        case 1:
            self.send(
                "/issues",
                self.pairs([
                    ("title", self.pick(OrdinaryText.wordings)),
                    ("body", self.pick(OrdinaryText.reports)),
                ]), "application/x-www-form-urlencoded")
        case 2:
            self.send(
                "/logs",
                Self.json([
                    ("message", Self.json(self.pick(OrdinaryText.reports))),
                    ("trace", Self.json(self.hex(32))), ("host", Self.json("web-1")),
                ]), "application/json")
        case 3:
            self.send(
                "/pages",
                Self.json([
                    ("title", Self.json(self.pick(OrdinaryText.wordings))),
                    (
                        "html",
                        Self.json(
                            self.pick(OrdinaryText.pages) + self.prose()
                                + self.pick(OrdinaryText.pages))
                    ),
                ]), "application/json")
        case 4:
            self.send(
                "/jobs",
                Self.json([
                    ("run", Self.json(self.pick(OrdinaryText.wordings))),
                    ("token", Self.json(self.jwt())), ("state", Self.json(self.base64(60) + "==")),
                ]), "application/json")
        default:
            self.get(
                "/redirect",
                self.pairs([
                    ("to", self.url()), ("label", self.pick(OrdinaryText.wordings)),
                    ("code", self.pick(OrdinaryText.pages)),
                ]))
        }
    }

    private mutating func listPath() -> String {
        self.pick([
            "/api/v1/orders", "/v2/users", "/products", "/api/reports/2026/q1", "/graphql",
            "/v1/union/members", "/select/options", "/api/tables", "/v1/scripts", "/rest/V1/carts",
            "/api/v1/users/me/updates", "/catalog/tools/table-saws", "/exec/team", "/~jim/files",
            "/v1/shell-companies", "/api/alerts", "/wp-json/wp/v2/pages", "/bin/collections",
        ])
    }

    private mutating func itemPath() -> String {
        switch self.below(6) {
        case 0: "/v1/orders/\(self.uuid())"
        case 1: "/users/\(self.number(100_000))/avatar.png"
        case 2: "/files/\(Self.percent(self.pick(OrdinaryText.fileNames), keeping: "-._~+;@&'()"))"
        case 3: "/authors/\(Self.percent(self.name(), keeping: "-._~'"))/books"
        case 4:
            "/blog/2026/01/" + self.pick(OrdinaryText.slugs)
        default: "/static/js/app.\(self.hex(8)).js"
        }
    }

    private mutating func listQuery() -> String {
        var pairs = [("page", self.number(50)), ("limit", self.pick(["10", "25", "50", "100"]))]
        if self.chance(50) {
            pairs.append(
                (
                    "sort",
                    self.pick(["-created_at", "name,asc", "price:desc", "+rank", "updated_at DESC"])
                ))
        }
        if self.chance(40) { pairs.append(("from", self.date())) }
        if self.chance(40) { pairs.append(("to", self.date())) }
        if self.chance(30) {
            pairs.append(
                ("status", self.pick(["open", "closed,pending", "in progress", "null", "true"])))
        }
        if self.chance(30) {
            pairs.append(
                (
                    "fields",
                    self.pick([
                        "id,name,email", "id,user.profile,user.history", "*",
                        "id,table_name,object_id",
                    ])
                ))
        }
        if self.chance(20) { pairs.append(("ids", "\(self.uuid()),\(self.uuid())")) }
        if self.chance(20) { pairs.append(("cursor", self.base64(40) + "==")) }
        if self.chance(15) { pairs.append(("name", self.name())) }
        if self.chance(10) { pairs.append(("callback", self.url())) }
        if self.chance(10) { pairs.append(("ids[]", self.number(99))) }
        return self.pairs(pairs)
    }

    private mutating func conventionQuery() -> String {
        switch self.below(7) {
        case 0:
            self.pairs([
                (
                    "$filter",
                    self.pick([
                        "Price gt 20 and Name eq 'Milk'", "contains(Name,'O''Neil')",
                        "Status eq 'Open' or Status eq 'New'",
                        "startswith(Name,'A') and not (Age lt 5)", "year(Date) eq 2026",
                    ])
                ),
                ("$orderby", "Name desc"), ("$top", "10"), ("$select", "Id,Name"),
                ("$expand", "Orders($top=5)"),
            ])
        case 1:
            self.pairs([
                ("filter[status]", "open"), ("page[size]", "20"), ("include", "author,comments"),
                ("fields[articles]", "title,body"), ("sort", "-date"),
            ])
        case 2:
            self.pairs([
                ("response_type", "code"), ("client_id", self.token(20)),
                ("scope", "openid profile"),
                ("redirect_uri", "https://app.example.com/callback?x=1"), ("state", self.token(32)),
                ("code_challenge", self.token(43)), ("code_challenge_method", "S256"),
            ])
        case 3:
            self.pairs([
                ("query", self.pick(OrdinaryText.graphQL)), ("variables", "{\"q\":\"it's\"}"),
            ])
        case 4:
            self.pairs([
                ("q", "status:open AND priority:high"), ("range", "[2026-01-01 TO *]"),
                ("bbox", "13.08,52.33,13.76,52.67"), ("tz", "Europe/Berlin"), ("lang", "en-US"),
            ])
        case 5:
            self.pairs([
                ("utm_source", "newsletter"), ("utm_campaign", "spring sale 50%"),
                ("gclid", self.token(60)), ("ref", self.url()), ("v", "1.2.3-beta+5"),
            ])
        default:
            self.pairs([
                (
                    "filter",
                    self.pick([
                        "name==\"O'Neil\"", "age>18", "price<=20;stock>0", "(a=1 OR b=2)",
                        "type=in=(a,b)",
                    ])
                ),
                ("expr", self.pick(["1 < 2", "(a + b) * c", "x^2 + y^2 = z^2", "5!=120"])),
            ])
        }
    }

    private mutating func jsonBody() -> String {
        switch self.below(7) {
        case 0: self.order()
        case 1: self.user()
        case 2:
            Self.json([
                ("title", Self.json(self.sentence())), ("body", Self.json(self.prose())),
                ("tags", "[\"select\",\"C#\",\"it's\"]"), ("parentId", Self.json(self.uuid())),
            ])
        case 3:
            Self.json([
                ("query", Self.json(self.pick(OrdinaryText.graphQL))), ("operationName", "null"),
                ("variables", Self.json([("q", Self.json(self.search())), ("limit", "20")])),
            ])
        case 4:
            Self.json([
                ("id", Self.json("evt_" + self.token(14))), ("type", "\"payment.succeeded\""),
                ("url", Self.json(self.url())), ("signature", Self.json("sha256=" + self.hex(64))),
                (
                    "data",
                    Self.json([("raw", Self.json(self.base64(120) + "=")), ("amount", "5000")])
                ),
            ])
        case 5:
            Self.json([
                ("name", Self.json(self.pick(OrdinaryText.products))), ("price", "19.99"),
                ("description", Self.json(self.prose())), ("sku", Self.json(self.token(8))),
                ("image", Self.json("data:image/png;base64," + self.base64(200))),
            ])
        default: "[" + (0...self.below(5)).map { _ in self.user() }.joined(separator: ",") + "]"
        }
    }

    private mutating func order() -> String {
        Self.json([
            ("orderId", Self.json(self.uuid())), ("customer", self.user()),
            (
                "lines",
                "["
                    + (0...self.below(4)).map { _ in
                        Self.json([
                            ("product", Self.json(self.pick(OrdinaryText.products))),
                            ("quantity", self.number(9)), ("price", "12.5"),
                        ])
                    }.joined(separator: ",") + "]"
            ),
            ("note", Self.json(self.sentence())), ("createdAt", Self.json(self.date())),
        ])
    }

    private mutating func user() -> String {
        Self.json([
            ("name", Self.json(self.name())), ("email", Self.json(self.email())),
            ("phone", Self.json(self.phone())), ("birthday", Self.json(self.date())),
            (
                "address",
                Self.json([
                    (
                        "street",
                        Self.json(
                            self.pick([
                                "5 O'Connell St.", "Straße 1a", "12 Rue de l'Église; 2nd floor",
                                "Apt #4, Table Rd.", "c/o Union & Sons",
                            ]))
                    ),
                    (
                        "city",
                        Self.json(
                            self.pick([
                                "L'Aquila", "Coeur d'Alene", "Nuku'alofa", "Düsseldorf", "北京",
                            ]))
                    ),
                ])
            ),
            ("website", Self.json(self.url())), ("password", Self.json(self.token(12) + "!#")),
            ("bio", Self.json(self.prose())),
        ])
    }

    private mutating func formBody() -> String {
        self.pairs([
            ("name", self.name()), ("email", self.email()), ("phone", self.phone()),
            ("message", self.prose()), ("csrf_token", self.base64(42) + "="),
            ("date", self.date()), ("_method", "post"), ("newsletter", "on"),
        ])
    }

    private mutating func xmlBody() -> String {
        func escaped(_ text: String) -> String {
            var out = ""
            for character in text {
                switch character {
                case "<": out += "&lt;"
                case "&": out += "&amp;"
                case "\"": out += "&quot;"
                default: out.append(character)
                }
            }
            return out
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<order id=\"\(self.uuid())\">"
            + "<customer name=\"\(escaped(self.name()))\"/><note>\(escaped(self.prose()))</note>"
            + "<product><![CDATA[\(self.pick(OrdinaryText.products))]]></product></order>"
    }

    // MARK: Whole requests

    private mutating func upload() -> Request {
        let boundary = "----WebKitFormBoundary" + self.characters(16, of: "ABCabc0123456789")
        var body = "--\(boundary)\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\n"
        body += self.prose() + "\r\n--\(boundary)\r\n"
        let file = self.pick(OrdinaryText.fileNames.filter { !$0.contains(";") })
        body += "Content-Disposition: form-data; name=\"file\"; filename=\"\(file)\"\r\n"
        body +=
            "Content-Type: application/pdf\r\n\r\n%PDF-1.7 \(self.base64(64))\r\n--"
            + boundary + "--\r\n"
        return self.send("/upload", body, "multipart/form-data; boundary=\(boundary)")
    }

    private mutating func get(_ path: String, _ query: String) -> Request {
        Request(
            path: Array(path.utf8), query: Array(query.utf8), headers: self.headers(), body: [],
            contentType: [])
    }

    private mutating func send(_ path: String, _ body: String, _ type: String) -> Request {
        var headers = self.headers()
        headers.insert((Array("Content-Type".utf8), Array(type.utf8)), at: 0)
        return Request(
            path: Array(path.utf8), query: [], headers: headers, body: Array(body.utf8),
            contentType: Array(type.utf8))
    }

    private mutating func headers() -> [(name: [UInt8], value: [UInt8])] {
        var headers = [
            ("Host", "api.example.com"), ("User-Agent", self.pick(OrdinaryText.agents)),
            (
                "Accept",
                self.pick([
                    "application/json", "*/*",
                    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
                ])
            ),
            ("Accept-Encoding", "gzip, deflate, br, zstd"), ("Accept-Language", "en-US,en;q=0.5"),
            ("Connection", "keep-alive"),
        ]
        if self.chance(33) { headers.append(("Authorization", "Bearer " + self.jwt())) }
        if self.chance(50) { headers.append(("Cookie", self.cookies())) }
        if self.chance(40) { headers.append(("Referer", self.referer())) }
        if self.chance(30) {
            headers.append(
                (
                    "Sec-CH-UA",
                    "\"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\", \"Not(A:Brand\";v=\"8\""
                ))
        }
        if self.chance(30) {
            headers.append(("traceparent", "00-\(self.hex(32))-\(self.hex(16))-01"))
        }
        if self.chance(20) { headers.append(("If-None-Match", "W/\"\(self.hex(16))\"")) }
        if self.chance(20) { headers.append(("X-Request-ID", self.uuid())) }
        if self.chance(10) { headers.append(("X-Signature", "t=16143081,v1=\(self.hex(64))")) }
        if self.chance(10) {
            headers.append(("If-Modified-Since", "Wed, 21 Oct 2026 07:28:00 GMT"))
        }
        if self.chance(10) {
            headers.append(
                ("X-Client-Info", "app/5.2 (\(self.pick(["iOS; 18.1", "Android; 14"]))); build=77"))
        }
        return headers.map { (Array($0.0.utf8), Array($0.1.utf8)) }
    }

    private mutating func cookies() -> String {
        [
            "_ga=GA1.1.\(self.number(999_999_999)).17\(self.number(99_999_999))",
            "session=\(self.token(43))", "theme=dark", "lang=de-DE",
            "consent=%7B%22ads%22%3Afalse%2C%22v%22%3A1%7D", "cart=\(self.base64(24))==",
            "_fbp=fb.1.\(self.number(99_999_999)).123", "tz=Europe%2FBerlin", "name=O%27Brien",
        ].filter { _ in self.chance(60) }.joined(separator: "; ")
    }

    private mutating func referer() -> String {
        self.pick([
            "https://www.example.com/", "https://www.google.com/",
            "https://app.example.com/search?q=select%20shoes%20from%20sale&page=2#results",
            "https://example.com/dashboard?action=edit&id=123&tab=users", self.url(),
        ])
    }
}
