/// The records of one sample service, by number. Holds `countMax` at most.
actor SampleStore<Record: Sendable> {
    private static var countMax: Int { 1000 }

    private var records: [Int: Record] = [:]
    private var lastNumber: Int

    init(_ records: [Int: Record]) {
        self.records = records
        self.lastNumber = records.keys.max() ?? 0
    }

    /// In the order of their numbers.
    func all() -> [(number: Int, record: Record)] {
        self.records.sorted { $0.key < $1.key }.map { (number: $0.key, record: $0.value) }
    }

    func find(_ number: Int) -> Record? { self.records[number] }

    /// - Returns: its number; `nil` when there is no room.
    func add(_ record: Record) -> Int? {
        guard self.records.count < Self.countMax else { return nil }
        self.lastNumber += 1
        self.records[self.lastNumber] = record
        return self.lastNumber
    }
}
