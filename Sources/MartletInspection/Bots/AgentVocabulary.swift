/// Parts of user agents, in lower case.
///
/// `+` stands for a blank.
enum AgentVocabulary {
    /// Tools that look for holes.
    static let scanners: StaticString = """
        nikto sqlmap nessus openvas acunetix netsparker invicti nmap+scripting masscan zgrab \
        zmeu w3af arachni wpscan joomscan dirbuster dirb/ gobuster feroxbuster ffuf/ wfuzz \
        nuclei burpcollaborator burpsuite burp+suite havij bsqlbf sqlninja pangolin absinthe \
        webinspect appscan whatweb skipfish grabber paros webscarab vega/ jaeles xsser \
        commix fimap sqlsus jbrofuzz grendel-scan hydra n-stealth nsauditor qualys detectify \
        whisker wapiti webshag brutus cgichk core-project/1.0 datacha0s mysqloit \
        morfeus+fucking+scanner prog.customcrawler revolt s.t.a.l.k.e.r. springenwerk \
        struts-pwn sysscan toata+dragostea uil2pn webbandit webvulnscan zollard \
        black+widow blackwidow domino+hunter dotdotpwn email+extractor fhscan floodgate gootkit \
        inspath internet+ninja jorgee muhstik network-services-auditor plesk-scan pmafind \
        rippers security+scan super+happy+fun this+is+an+exploit t34mh4k t3mp0 vbulletin+scan \
        wordpress+hash+grabber zmap/ httprobe/ interactsh l9explore l9tcpid odin/ hello+world \
        cyberdog dav.pm/v goby/ xray/ yakit nmap/ libwhisker amiga-aweb bilbo chinaclaw \
        backdoorbot beautifulspider bigbrother
        """
    static let scannerAutomaton = KeywordAutomaton([(.scanner, Self.words(Self.scanners))])

    /// Whether a user agent (in lower case) names a scanner.
    static func isScanner(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while let match = Self.scannerAutomaton.first(in: text, from: index) {
            index = match.range.upperBound
            if !TextByte.isWord(text.at(match.range.lowerBound - 1)) { return true }
        }
        return false
    }

    /// Collectors of texts for language models.
    static let aiCrawlers: StaticString = """
        gptbot chatgpt-user oai-searchbot claudebot claude-web claude-user claude-searchbot \
        anthropic-ai ccbot google-extended googleother google-cloudvertexbot bytespider \
        perplexitybot perplexity-user amazonbot applebot-extended meta-externalagent \
        meta-externalfetcher facebookbot cohere-ai cohere-training diffbot imagesiftbot omgili \
        omgilibot youbot ai2bot timpibot velenpublicwebcrawler webzio-extended icc-crawler \
        img2dataset scrapy iaskspider isscyberriskcrawler sidetrade kangaroo+bot pangubot \
        petalbot duckassistbot mistralai-user deepseekbot tiktokspider semrushbot-ocob novaact \
        firecrawlagent crawl4ai
        """

    /// Libraries and command line programs.
    static let libraries: StaticString = """
        python-requests python-urllib python-httpx aiohttp/ go-http-client curl/ wget/ libwww-perl \
        java/1 okhttp/ apache-httpclient axios/ node-fetch undici guzzlehttp php/ ruby httpie/ \
        postmanruntime insomnia/ reqwest hyper/ libcurl powershell winhttp lwp:: mechanize \
        headlesschrome phantomjs selenium puppeteer playwright
        """

    /// A list's entries with their blanks.
    static func words(_ list: StaticString) -> [[UInt8]] {
        WordTable.split(list).map { $0.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 } }
    }
}
