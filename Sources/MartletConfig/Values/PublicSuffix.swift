/// Names under which anybody can have a host, so that `*.` and one of them is nobody's.
///
/// Every top-level domain, and the best known of the others: of countries that register under
/// second-level names, and of those who host pages and functions. The whole list, which changes
/// each week, is at publicsuffix.org; what is missing here is only not warned of.
enum PublicSuffix {
    static func contains(_ domain: some StringProtocol) -> Bool {
        !domain.contains(".") || self.known.contains(String(domain))
    }

    private static let known: Set<String> = Set(
        countries.flatMap { country in country.labels.map { "\($0).\(country.code)" } } + hosters)

    private static let countries: [(code: String, labels: [String])] = [
        ("uk", ["co", "org", "me", "ltd", "plc", "net", "sch", "ac", "gov", "nhs"]),
        ("jp", ["co", "or", "ne", "ac", "go"]), ("kr", ["co", "or", "ne", "ac", "go"]),
        ("nz", ["co", "org", "net", "ac", "govt"]), ("za", ["co", "org", "net", "ac", "gov"]),
        ("il", ["co", "org", "net", "ac", "gov"]), ("in", ["co", "net", "org", "ac", "gov"]),
        ("id", ["co", "or", "ac", "go", "web"]), ("th", ["co", "or", "ac", "go"]),
        ("au", ["com", "net", "org", "edu", "gov"]), ("br", ["com", "net", "org", "gov"]),
        ("cn", ["com", "net", "org", "edu", "gov"]), ("tw", ["com", "net", "org", "edu", "gov"]),
        ("hk", ["com", "net", "org", "edu", "gov"]), ("sg", ["com", "net", "org", "edu", "gov"]),
        ("my", ["com", "net", "org", "edu", "gov"]), ("mx", ["com", "net", "org", "gob"]),
        ("ar", ["com", "net", "org", "gob"]), ("tr", ["com", "net", "org", "gov"]),
        ("ua", ["com", "net", "org", "gov"]), ("pl", ["com", "net", "org", "gov"]),
        ("at", ["co", "or", "ac", "gv"]), ("ke", ["co", "or", "ac", "go"]),
        ("ng", ["com", "net", "org", "gov"]), ("pk", ["com", "net", "org", "gov"]),
        ("vn", ["com", "net", "org", "gov"]), ("ph", ["com", "net", "org", "gov"]),
        ("co", ["com", "net", "org", "gov"]), ("pe", ["com", "net", "org", "gob"]),
        ("eg", ["com", "net", "org", "gov"]), ("sa", ["com", "net", "org", "gov"]),
    ]

    private static let hosters = [
        "github.io", "gitlab.io", "pages.dev", "workers.dev", "netlify.app", "vercel.app",
        "herokuapp.com", "azurewebsites.net", "cloudapp.net", "azurestaticapps.net",
        "blob.core.windows.net", "cloudfront.net", "amazonaws.com", "s3.amazonaws.com",
        "elasticbeanstalk.com", "appspot.com", "run.app", "web.app", "firebaseapp.com",
        "cloudfunctions.net", "fly.dev", "onrender.com", "deno.dev", "blogspot.com",
        "wordpress.com", "ngrok.io", "ngrok.app", "ngrok-free.app", "trycloudflare.com",
        "duckdns.org", "nip.io", "sslip.io",
    ]
}
