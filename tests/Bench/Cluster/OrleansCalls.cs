using System.Diagnostics.Metrics;

namespace TrustMesh.Bench.Cluster;

/// <summary>Calls of grains that were answered in this process, as Orleans counts them.</summary>
internal sealed class OrleansCalls : IDisposable
{
    private readonly MeterListener listener = new();
    private long read;

    public OrleansCalls()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "orleans-app-requests-latency-count") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => read += value);
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => read += value);
        listener.Start();
    }

    public long Read()
    {
        read = 0;
        listener.RecordObservableInstruments();
        return read;
    }

    public void Dispose() => listener.Dispose();
}
