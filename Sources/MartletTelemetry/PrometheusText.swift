/// The Prometheus text format, version 0.0.4, written straight into bytes.
///
/// Made for one scrape. Counts series and leaves out those above `seriesMax`; a histogram is
/// written whole or not at all.
struct PrometheusText {
    /// A series costs a line; a histogram one for each bound, `+Inf`, sum and count.
    static let histogramSeriesCount = DurationBuckets.boundCount + 3

    private(set) var bytes: [UInt8] = []
    private(set) var seriesDropped: UInt64 = 0
    private var seriesRemaining: Int
    private var metric: MetricCatalog.Metric?
    private var isHeadWritten = false

    init(seriesMax: Int) {
        self.seriesRemaining = max(seriesMax, 0)
    }

    /// Begins a metric; its `HELP` and `TYPE` are written once it has a series.
    mutating func begin(_ metric: MetricCatalog.Metric) {
        self.metric = metric
        self.isHeadWritten = false
    }

    /// Escapes a label's value: backslash, quote and line feed.
    static func escaped(_ value: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append("\\\\")
            case UInt8(ascii: "\""): bytes.append("\\\"")
            case 10: bytes.append("\\n")
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    /// Writes one series of the metric begun.
    ///
    /// `labels` are escaped values in the catalogue's order.
    mutating func series(_ labels: [[UInt8]] = [], value: UInt64) {
        guard let metric = self.take(1) else { return }
        self.writeName(metric, suffix: "", labels: labels, bound: nil)
        self.bytes.appendDecimal(value)
        self.bytes.append(10)
    }

    /// The same, for a duration that is shown in seconds.
    mutating func series(_ labels: [[UInt8]] = [], seconds nanoseconds: UInt64) {
        guard let metric = self.take(1) else { return }
        self.writeName(metric, suffix: "", labels: labels, bound: nil)
        self.bytes.appendSeconds(nanoseconds: nanoseconds)
        self.bytes.append(10)
    }

    /// Writes the number of series left out, whatever the cap.
    mutating func writeSeriesDropped() {
        self.seriesRemaining = 1
        self.begin(MetricCatalog.seriesDropped)
        self.series(value: self.seriesDropped)
    }

    /// Writes a histogram whose `DurationBuckets.slotCount` counters begin at `slot`.
    mutating func histogram(_ labels: [[UInt8]], values: [UInt64], at slot: Int) {
        guard let metric = self.take(Self.histogramSeriesCount) else { return }
        let first = slot + DurationBuckets.bucketOffset
        var count: UInt64 = 0
        for (index, bound) in DurationBuckets.labels.enumerated() {
            count &+= values[first + index]
            self.writeName(metric, suffix: "_bucket", labels: labels, bound: bound)
            self.bytes.appendDecimal(count)
            self.bytes.append(10)
        }
        count &+= values[first + DurationBuckets.boundCount]
        self.writeName(metric, suffix: "_bucket", labels: labels, bound: "+Inf")
        self.bytes.appendDecimal(count)
        self.bytes.append(10)
        self.writeName(metric, suffix: "_sum", labels: labels, bound: nil)
        self.bytes.appendSeconds(nanoseconds: values[slot + DurationBuckets.sumOffset])
        self.bytes.append(10)
        self.writeName(metric, suffix: "_count", labels: labels, bound: nil)
        self.bytes.appendDecimal(count)
        self.bytes.append(10)
    }

    /// Takes room for series and sees that the metric's head is written; `nil` if there is none.
    private mutating func take(_ count: Int) -> MetricCatalog.Metric? {
        guard let metric = self.metric else { return nil }
        guard self.seriesRemaining >= count else {
            self.seriesDropped &+= UInt64(count)
            return nil
        }
        self.seriesRemaining -= count
        self.writeHead(metric)
        return metric
    }

    private mutating func writeHead(_ metric: MetricCatalog.Metric) {
        guard !self.isHeadWritten else { return }
        self.isHeadWritten = true
        self.bytes.append("# HELP ")
        self.bytes.append(metric.name)
        self.bytes.append(UInt8(ascii: " "))
        self.bytes.append(metric.help)
        self.bytes.append("\n# TYPE ")
        self.bytes.append(metric.name)
        self.bytes.append(UInt8(ascii: " "))
        self.bytes.append(metric.kind.text)
        self.bytes.append(10)
    }

    private mutating func writeName(
        _ metric: MetricCatalog.Metric, suffix: StaticString, labels: [[UInt8]],
        bound: StaticString?
    ) {
        self.bytes.append(metric.name)
        self.bytes.append(suffix)
        var separator = UInt8(ascii: "{")
        for (name, value) in zip(metric.labels, labels) {
            self.bytes.append(separator)
            self.bytes.append(name)
            self.bytes.append("=\"")
            self.bytes.append(contentsOf: value)
            self.bytes.append(UInt8(ascii: "\""))
            separator = UInt8(ascii: ",")
        }
        if let bound {
            self.bytes.append(separator)
            self.bytes.append("le=\"")
            self.bytes.append(bound)
            self.bytes.append(UInt8(ascii: "\""))
            separator = UInt8(ascii: ",")
        }
        if separator != UInt8(ascii: "{") { self.bytes.append(UInt8(ascii: "}")) }
        self.bytes.append(UInt8(ascii: " "))
    }
}
