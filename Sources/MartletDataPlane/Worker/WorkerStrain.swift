import MartletAlgorithms
import MartletConfig
import MartletTelemetry

/// How overloaded one worker is, and what follows from it.
///
/// Owned by its worker and confined to its loop; told at every tick.
struct WorkerStrain {
    private var shedding: LoadShedding?
    private var config: LoadSheddingConfig?
    private var lastTick: UInt64 = 0
    private var memoryFraction = 0.0
    private var ticksToMemory = 0

    /// Something is refused; looked at for each request.
    private(set) var isHigh = false

    /// The process's memory is looked up once a second.
    private static let memoryTicks = Int(WorkerClock.ticksPerSecond)

    var level: Int { self.shedding?.level ?? 0 }

    mutating func update(to config: LoadSheddingConfig?) {
        guard config != self.config else { return }
        self.config = config
        self.shedding = config.map { LoadShedding(plan: LoadSheddingPlan($0)) }
        self.isHigh = false
        self.memoryFraction = 0
        self.ticksToMemory = 0
    }

    func admits(_ importance: RequestPriority) -> Bool {
        self.shedding?.admits(importance) ?? true
    }

    mutating func tick(now: UInt64) {
        defer { self.lastTick = now }
        guard self.shedding != nil, self.lastTick > 0 else { return }
        if let bytesMax = self.config?.memoryBytesMax {
            self.ticksToMemory -= 1
            if self.ticksToMemory <= 0 {
                self.ticksToMemory = Self.memoryTicks
                let bytes = ProcessUsage.currentMemoryBytes()
                self.memoryFraction = Double(bytes) / Double(bytesMax)
            }
        }
        let between = now > self.lastTick ? now &- self.lastTick : 0
        let delay =
            between > WorkerClock.tickNanoseconds ? between &- WorkerClock.tickNanoseconds : 0
        _ = self.shedding?.strainMeasured(
            loopDelayNanoseconds: delay, memoryFraction: self.memoryFraction, now: now)
        self.isHigh = self.level > 0
    }
}

extension LoadSheddingPlan {
    init(_ config: LoadSheddingConfig) {
        let delay = WorkerClock.nanoseconds(config.loopDelay)
        self.init(levels: [
            Level(loopDelayNanoseconds: delay, memoryFraction: 0.85, admitted: .normal),
            Level(loopDelayNanoseconds: delay &* 3, memoryFraction: 0.92, admitted: .high),
            Level(loopDelayNanoseconds: delay &* 10, memoryFraction: 0.97, admitted: .critical),
        ])
    }
}
