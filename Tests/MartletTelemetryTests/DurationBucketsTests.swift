import MartletTelemetry
import Testing

@Suite struct DurationBucketsTests {
    @Test func boundsGrowAndBelongToTheirBucket() {
        let buckets = DurationBuckets()
        for position in 0..<DurationBuckets.boundCount {
            let bound = buckets.bounds[position]
            #expect(buckets.index(of: bound) == position)
            #expect(buckets.index(of: bound + 1) == position + 1)
        }
        #expect(buckets.index(of: 0) == 0)
        #expect(buckets.index(of: .max) == DurationBuckets.boundCount)
    }

    @Test func labelsAreTheBoundsInSeconds() {
        let buckets = DurationBuckets()
        #expect(DurationBuckets.labels.count == DurationBuckets.boundCount)
        for (position, label) in DurationBuckets.labels.enumerated() {
            #expect(Double(label.description) == Double(buckets.bounds[position]) / 1e9)
        }
    }
}
