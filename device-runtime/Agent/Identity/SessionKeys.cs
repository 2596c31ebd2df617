namespace TrustMesh.Agent.Identity;

/// <summary>
/// The one session key of this run, for the silo and for peers alike, and its successor after a day. A key that was replaced lives on until the
/// next one is, for connections that still use it. Thread-safe.
/// </summary>
public sealed class SessionKeys(TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private SessionKey? current, previous;

    /// <summary>Made when first asked for; renewed when its day is over.</summary>
    public SessionKey Current
    {
        get
        {
            lock (gate)
            {
                if (current is { } good && time.GetUtcNow() - good.MadeAt < SessionKey.Lifetime) return good;
                previous?.Dispose();
                previous = current;
                return current = new(time);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            current?.Dispose();
            previous?.Dispose();
            (current, previous) = (null, null);
        }
    }
}
