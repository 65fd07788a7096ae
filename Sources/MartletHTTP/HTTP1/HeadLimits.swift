/// How large a head may be.
package struct HeadLimits: Sendable, BitwiseCopyable {
    package var startLineBytesMax: Int
    /// Start line and header section together, line ends included.
    package var headBytesMax: Int
    package var fieldCountMax: Int

    package init(startLineBytesMax: Int, headBytesMax: Int, fieldCountMax: Int) {
        self.startLineBytesMax = startLineBytesMax
        self.headBytesMax = headBytesMax
        self.fieldCountMax = fieldCountMax
    }
}
