/// Names from HTML and from scripts in pages.
///
/// All in lower case.
enum ScriptVocabulary {
    /// Tags that run, load or redirect something, or break out of a page's structure.
    static let tags: StaticString = """
        script iframe frame frameset embed applet meta style form svg math video \
        audio body html head isindex marquee bgsound layer ilayer xml xss import \
        foreignobject animate animatetransform animatemotion use keygen \
        portal textarea noscript plaintext listing xmp event-source \
        vmlframe blink basefont fencedframe maction
        """
    /// Those that do nothing without attributes, and whose names are words.
    static let idleTags: StaticString = """
        object link base template set image input button dialog select comment slot canvas param \
        source track title
        """
    static let tagTable = WordTable([(1, Self.tags), (2, Self.idleTags)])
    /// Words of languages that begin with "on": no events.
    static let notEvents: StaticString = """
        one ones once only onto online onward onwards onset onsite ongoing onboard onboarding \
        ontology onion onions onlooker onerous onscreen onsale onstage oncology onduty ondemand \
        onestep onetime onhand onkey onprem onyx onus ont ontario
        """
    static let notEventTable = WordTable([(1, Self.notEvents)])
    /// Functions that scripts in pages call and other code hardly.
    static let calls: StaticString = """
        alert confirm prompt eval settimeout setinterval setimmediate fromcharcode atob btoa \
        execscript unescape decodeuricomponent appendchild createelement \
        insertadjacenthtml getelementbyid getelementsbytagname queryselector getscript \
        sendbeacon showmodaldialog importscripts globaleval
        """
    static let callTable = WordTable([(1, Self.calls)])
    /// Properties, with the dot before them; the object is what stands before.
    static let properties: StaticString = """
        document.cookie document.write document.writeln document.domain document.location \
        document.body document.documentelement document.forms document.scripts document.url \
        document.referrer document.getelement document.createelement document.queryselector \
        document.childnodes document.head document.implementation document.defaultview \
        window.location window.open window.name window.onerror window.eval window.alert \
        window.document window.parent window.top window.localstorage self.location \
        top.location parent.location location.href= location.hash location.assign( \
        location.replace( .parentnode .innerhtml .outerhtml .insertadjacenthtml .appendchild( \
        .contentwindow .contentdocument .srcdoc localstorage. sessionstorage. navigator.sendbeacon \
        serviceworker.register document.addeventlistener document.title= \
        string.fromcharcode xmlhttprequest .constructor( .createcontextualfragment
        """
    static let propertyAutomaton = KeywordAutomaton([(.script, WordTable.split(Self.properties))])
    /// Objects that hold everything a page can call.
    static let globals: StaticString = """
        self window document top parent frames this globalthis content location
        """
    static let globalTable = WordTable([(1, Self.globals)])
    static let methods: StaticString = """
        call apply bind map filter sort find findindex foreach every some reduce reduceright \
        from of construct defineproperty replace flatmap
        """
    static let methodTable = WordTable([(1, Self.methods)])
}
