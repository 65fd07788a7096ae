import Foundation

/// The configuration file of the demo: the repository's, or a copy that goes with the demo.
struct DemoFile {
    let path: String
    private let folder: URL?

    /// Uses the example if the working directory has it and its ports are the demo's.
    init(_ ports: DemoPorts) throws {
        if ports == DemoPorts(), FileManager.default.fileExists(atPath: QuickstartConfig.path) {
            self.path = QuickstartConfig.path
            self.folder = nil
            return
        }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("martlet.yaml")
        try QuickstartConfig.text(ports).write(to: file, atomically: true, encoding: .utf8)
        self.path = file.path
        self.folder = folder
    }

    func remove() {
        guard let folder = self.folder else { return }
        try? FileManager.default.removeItem(at: folder)
    }
}
