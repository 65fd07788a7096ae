/// Which requests are sent to a second upstream as well, whose answers nobody waits for.
///
/// One for each route on each worker. A share of the requests by chance, never more than a number
/// at the same time: a slow mirror must not pile up requests.
package struct MirrorSampling: Sendable, BitwiseCopyable, Equatable {
    /// Of all requests, in hundredths of a percent.
    package var points: UInt16
    package var inFlightMax: UInt32
    package private(set) var inFlight: UInt32 = 0

    package init(points: UInt16, inFlightMax: UInt32) {
        self.points = min(points, Cohort.pointCount)
        self.inFlightMax = inFlightMax
    }

    package enum OnRequest: Sendable, Equatable {
        case skip
        /// `mirrorEnded` must be told.
        case mirror
        /// It was drawn, but too many are under way.
        case skipBusy
    }

    package mutating func requestArrived(random: inout SeededRandom) -> OnRequest {
        guard random.next(below: UInt64(Cohort.pointCount)) < UInt64(self.points) else {
            return .skip
        }
        guard self.inFlight < self.inFlightMax else { return .skipBusy }
        self.inFlight &+= 1
        return .mirror
    }

    package mutating func mirrorEnded() {
        if self.inFlight > 0 { self.inFlight &-= 1 }
    }
}
