using System.Collections.Frozen;
using System.Net;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>Addresses at which a peer is known: accepted ones where they were last spoken with, assigned ones where the silo says they listen. Thread-safe.</summary>
internal sealed class KnownAddresses
{
    private readonly PeerBook book;
    private readonly TimeProvider time;
    private FrozenSet<IPAddress> known = [];
    private int changed = 1;

    public KnownAddresses(PeerBook book, TimeProvider time)
    {
        (this.book, this.time) = (book, time);
        book.Changed += _ => Volatile.Write(ref changed, 1);
    }

    public bool Has(IPAddress address)
    {
        if (Interlocked.Exchange(ref changed, 0) == 1) known = Collect().ToFrozenSet();
        return known.Contains(address);
    }

    private IEnumerable<IPAddress> Collect()
    {
        var now = time.GetUtcNow();
        foreach (var peer in book.All)
        {
            if (peer.SeenAt is { } seen && (peer.Assigned || peer.IsAccepted(now))) yield return seen;
            if (!peer.Assigned) continue;
            foreach (var address in peer.Addresses)
                if (PeerAddress.TryParse(address, out var host, out _) && IPAddress.TryParse(host, out var literal)) yield return literal;
        }
    }
}
