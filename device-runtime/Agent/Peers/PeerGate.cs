using System.Net;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// Who may open another connection. Strangers look all alike before they proved themselves, so they share what is not reserved; addresses at which a
/// peer is known have places of their own (attack A42). Thread-safe.
/// </summary>
/// <param name="knows">A peer is known at this address.</param>
public sealed class PeerGate(PeerLimits limits, Func<IPAddress, bool> knows, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> open = [];
    private readonly TokenBuckets<IPAddress> rate = new(limits.SourceRate, limits.SourceRate * 4, time);
    private int strangers, all;

    /// <summary>Connections at this moment.</summary>
    public int Open
    {
        get
        {
            lock (gate) return all;
        }
    }

    /// <summary>A place, given back when disposed of; null if there is none.</summary>
    public IDisposable? Enter(IPAddress source)
    {
        var known = knows(source);
        if (!known && !rate.TryTake(source)) return null;
        lock (gate)
        {
            var here = open.GetValueOrDefault(source);
            if (all >= limits.Connections || !known && (strangers >= limits.Connections - limits.Reserved || here >= limits.PerSource)) return null;
            open[source] = here + 1;
            all++;
            if (!known) strangers++;
        }
        return new Place(this, source, known);
    }

    private void Leave(IPAddress source, bool known)
    {
        lock (gate)
        {
            all--;
            if (!known) strangers--;
            if (--open[source] == 0) open.Remove(source);
        }
    }

    private sealed class Place(PeerGate owner, IPAddress source, bool known) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) owner.Leave(source, known);
        }
    }
}
