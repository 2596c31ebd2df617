using TrustMesh.Agent.Identity;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Proving;

/// <summary>The last evidence of each of the newest session keys, without its log: what lets others check later what a key signed (PROTOCOL.md 13.1).
/// Thread-safe.</summary>
internal sealed class Vouchers
{
    /// <summary>The key in use, its predecessor, and one to spare.</summary>
    private const int MostKeys = 3;

    private readonly Lock gate = new();
    private readonly List<(SessionKey Key, Evidence Evidence)> kept = [];

    public void Keep(SessionKey key, Evidence evidence)
    {
        lock (gate)
        {
            kept.RemoveAll(one => ReferenceEquals(one.Key, key));
            if (kept.Count == MostKeys) kept.RemoveAt(0);
            kept.Add((key, evidence with { Log = new(evidence.Log.Boot, 0, []) }));
        }
    }

    public Evidence? Of(SessionKey key)
    {
        lock (gate) return kept.Find(one => ReferenceEquals(one.Key, key)).Evidence;
    }
}
