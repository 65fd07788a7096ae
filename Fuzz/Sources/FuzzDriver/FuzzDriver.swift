import LibFuzzer

/// Runs libFuzzer with the program's arguments, once in a process.
///
/// - Parameter test: must not keep the bytes; traps on what it finds wrong. Returns 0, or -1 for
///   input that is not worth keeping in the corpus.
package func fuzz(_ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt) {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
        unsafe CommandLine.unsafeArgv
    _ = unsafe LLVMFuzzerRunDriver(&count, &arguments, test)
}
