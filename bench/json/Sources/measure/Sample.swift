/// An order as an API takes it: 953 bytes with 46 keys, two of its texts not in plain ASCII.
let order = ContiguousArray(
    #"""
    {"id":"ord_7f3a91c2","created":"2025-03-04T10:22:31Z","customer":{"id":48213,"name":"Åsa Lind\#
    ström","email":"asa.lindstrom@example.com","phone":"+46 70 123 45 67","address":{"street":"St\#
    orgatan 12","zip":"11122","city":"Stockholm","country":"SE"}},"currency":"SEK","items":[{"sku\#
    ":"A-1001","title":"Coffee beans \"Dark\" 1kg","quantity":2,"price":129.50,"tags":["coffee","\#
    organic"]},{"sku":"B-2040","title":"Paper filter, size 4","quantity":1,"price":24.90,"tags":[\#
    "filter"]},{"sku":"C-3300","title":"Milk jug 0.6 l","quantity":1,"price":249.00,"tags":["stee\#
    l","barista"]}],"shipping":{"method":"express","price":49,"insured":true,"instructions":null}\#
    ,"discount":{"code":"SPRING25","percent":12.5},"total":511.21,"paid":true,"notes":"Leave the \#
    parcel at the reception desk if nobody answers the door. Ring twice.","metadata":{"source":"w\#
    eb","campaign":"newsletter-14","session":"9f8e7d6c5b4a39281706f5e4d3c2b1a0","ab":["x1","y2"],\#
    "ip":"203.0.113.17"}}
    """#.utf8)

/// Many values in an array.
func array(_ values: [ContiguousArray<UInt8>]) -> ContiguousArray<UInt8> {
    let joined = values.joined(separator: [UInt8(ascii: ",")])
    return [UInt8(ascii: "[")] + joined + [UInt8(ascii: "]")]
}
