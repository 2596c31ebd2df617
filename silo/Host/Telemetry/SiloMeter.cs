using System.Diagnostics.Metrics;

namespace TrustMesh.Host.Telemetry;

/// <summary>What the silo counts. No device is named in a metric: their number has no bound.</summary>
public sealed class SiloMeter : IDisposable
{
    /// <summary>Rounds that are remembered for <see cref="Recent"/>.</summary>
    public const int MostRecent = 4_096;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Meter meter = new("TrustMesh.Server");
    private readonly Counter<long> rounds;
    private readonly Histogram<double> duration;
    private readonly Lock gate = new();
    private readonly Queue<(long At, double Milliseconds)> recent = new();
    private readonly TimeProvider time;
    private long accepted, refused;

    public SiloMeter(Func<IReadOnlyDictionary<string, int>> looks, Func<int> queue, TimeProvider time)
    {
        this.time = time;
        rounds = meter.CreateCounter<long>("trustmesh.attestation.rounds", "{round}", "Evidence judged, by verdict.");
        duration = meter.CreateHistogram<double>("trustmesh.attestation.duration", "s", "From the last byte of evidence to the answer.");
        meter.CreateObservableGauge("trustmesh.devices", () => looks().Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("trust.state", pair.Key))), "{device}", "Devices by look.");
        meter.CreateObservableGauge("trustmesh.actor.queue.length", queue, "{evidence}", "Evidence waiting for a core.");
    }

    public long Accepted => Interlocked.Read(ref accepted);

    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Evidence judged a second over the last ten seconds (of at most <see cref="MostRecent"/> rounds), and how long it took, in milliseconds.</summary>
    public (double PerSecond, double P50, double P99) Recent()
    {
        lock (gate)
        {
            Forget();
            if (recent.Count == 0) return default;
            var sorted = recent.Select(one => one.Milliseconds).Order().ToList();
            var span = recent.Count < MostRecent ? Window : time.GetElapsedTime(recent.Peek().At);
            return (recent.Count / Math.Max(span.TotalSeconds, 0.001), sorted[(sorted.Count - 1) / 2], sorted[(sorted.Count - 1) * 99 / 100]);
        }
    }

    /// <param name="verdict">affirming, warning, contraindicated, none.</param>
    public void Accept(string verdict, TimeSpan took)
    {
        Interlocked.Increment(ref accepted);
        rounds.Add(1, new KeyValuePair<string, object?>("verdict", verdict));
        duration.Record(took.TotalSeconds);
        lock (gate)
        {
            recent.Enqueue((time.GetTimestamp(), took.TotalMilliseconds));
            Forget();
        }
    }

    public void Refuse()
    {
        Interlocked.Increment(ref refused);
        rounds.Add(1, new KeyValuePair<string, object?>("verdict", "refused"));
    }

    public void Dispose() => meter.Dispose();

    private void Forget()
    {
        while (recent.Count > MostRecent || recent.TryPeek(out var first) && time.GetElapsedTime(first.At) > Window) recent.Dequeue();
    }
}
