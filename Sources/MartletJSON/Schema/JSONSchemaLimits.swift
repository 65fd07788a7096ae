/// What schemas may grow to while they are compiled.
package struct JSONSchemaLimits: Sendable {
    /// Of each text; its depth bounds the recursion of the compiler.
    package var json = JSONLimits()
    /// Schemas, those in other schemas counted one by one.
    package var subschemaCountMax = 50_000
    /// Texts handed in.
    package var documentCountMax = 256
    /// Errors told at once.
    package var errorCountMax = 20
    package var expressions = RegularExpression.Limits()

    package init() {
        self.json.bytesMax = 8 << 20
        self.json.depthMax = 200
        self.json.nodeCountMax = 1_000_000
        self.json.keyBytesMax = 8192
    }
}
