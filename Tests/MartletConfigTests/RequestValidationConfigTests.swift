import MartletConfig
import Testing

@Suite struct RequestValidationConfigTests {
    private func schema(_ yaml: String) throws -> SchemaTextConfig? {
        let text = """
            listeners: { public: ":0" }
            routes: [{ match: { path: /a }, respond: 204, validate: { body: { schema: \(yaml) } } }]
            """
        let document = try ConfigLoader.load(text: text, file: "martlet.yaml", environment: [:])
            .get()
        return document.routes[0].validation?.body?.schema
    }

    /// Scalars are what JSON has, if it has them; quotes make a text of anything.
    @Test(arguments: [
        ("{ minimum: 1.50 }", #"{"minimum":1.50}"#), ("{ const: 1e3 }", #"{"const":1e3}"#),
        ("{ const: '1' }", #"{"const":"1"}"#), ("{ const: null }", #"{"const":null}"#),
        ("{ const: 01 }", #"{"const":"01"}"#), ("{ const: yes }", #"{"const":"yes"}"#),
        ("{ const: true }", #"{"const":true}"#), ("{ const: 1. }", #"{"const":"1."}"#),
        ("{ enum: [a, \"b\\nc\", -0] }", #"{"enum":["a","b\nc",-0]}"#),
        ("{ $ref: '#/$defs/a', $defs: { a: {} } }", ##"{"$ref":"#/$defs/a","$defs":{"a":{}}}"##),
    ])
    func aSchemaCanStandInTheFile(yaml: String, json: String) throws {
        #expect(try self.schema(yaml)?.text == json)
    }

    @Test func aFileIsCalledByItsName() throws {
        let folder = try TemporaryFolder()
        try folder.write(#"{"type":"null"}"#, to: "schemas/a.json")
        let text = """
            listeners: { public: ":0" }
            routes:
              - match: { path: /a }
                respond: 204
                validate: { body: { schema: file:schemas/a.json } }
            """
        let document = try ConfigLoader.load(
            text: text, file: "martlet.yaml", environment: [:], directory: folder.path
        ).get()
        let schema = try #require(document.routes[0].validation?.body?.schema)
        #expect(schema.uri == "file:///schemas/a.json")
        #expect(schema.text == #"{"type":"null"}"#)
    }
}
