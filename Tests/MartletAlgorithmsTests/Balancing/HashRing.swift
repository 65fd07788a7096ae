import MartletAlgorithms

/// The other way of consistent hashing, to compare `MaglevTable` with: points on a ring, and a
/// table of places so that the next point is found at once.
struct HashRing {
    private var points: [UInt64] = []
    private var owners: [UInt32] = []
    private var starts: [UInt32] = []
    private let shift: UInt64

    init(identifiers: [UInt64], pointsForEach: Int) {
        var all: [(point: UInt64, owner: UInt32)] = []
        for (index, identifier) in identifiers.enumerated() {
            var point = identifier
            for _ in 0..<pointsForEach {
                point &+= 0x9e37_79b9_7f4a_7c15
                all.append((point.scattered, UInt32(index)))
            }
        }
        all.sort { $0.point < $1.point }
        self.points = all.map(\.point)
        self.owners = all.map(\.owner)
        var bits: UInt64 = 1
        while 1 << bits < all.count { bits += 1 }
        self.shift = 64 - bits
        var place = 0
        for part in 0..<UInt64(1) << bits {
            while place < self.points.count, self.points[place] < part << self.shift { place += 1 }
            self.starts.append(UInt32(place))
        }
    }

    func endpoint(of hash: UInt64) -> Int {
        var place = Int(self.starts[Int(hash >> self.shift)])
        while place < self.points.count, self.points[place] < hash { place += 1 }
        return Int(self.owners[place == self.points.count ? 0 : place])
    }
}
