using System.Diagnostics.Metrics;

namespace TrustMesh.Host.Telemetry;

/// <summary>What the silo counts. No device is named in a metric: their number has no bound.</summary>
public sealed class SiloMeter : IDisposable
{
    private readonly Meter meter = new("TrustMesh.Server");
    private readonly Counter<long> rounds;
    private readonly Histogram<double> duration;
    private long accepted, refused;

    public SiloMeter(Func<IReadOnlyDictionary<string, int>> looks, Func<int> queue)
    {
        rounds = meter.CreateCounter<long>("trustmesh.attestation.rounds", "{round}", "Evidence judged, by verdict.");
        duration = meter.CreateHistogram<double>("trustmesh.attestation.duration", "s", "From the last byte of evidence to the answer.");
        meter.CreateObservableGauge("trustmesh.devices", () => looks().Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("trust.state", pair.Key))), "{device}", "Devices by look.");
        meter.CreateObservableGauge("trustmesh.actor.queue.length", queue, "{evidence}", "Evidence waiting for a core.");
    }

    public long Accepted => Interlocked.Read(ref accepted);

    public long Refused => Interlocked.Read(ref refused);

    /// <param name="verdict">affirming, warning, contraindicated, none.</param>
    public void Accept(string verdict, TimeSpan took)
    {
        Interlocked.Increment(ref accepted);
        rounds.Add(1, new KeyValuePair<string, object?>("verdict", verdict));
        duration.Record(took.TotalSeconds);
    }

    public void Refuse()
    {
        Interlocked.Increment(ref refused);
        rounds.Add(1, new KeyValuePair<string, object?>("verdict", "refused"));
    }

    public void Dispose() => meter.Dispose();
}
