using Orleans.Runtime;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// Which silo is a grain's home: the one with the highest hash of both (rendezvous hashing). A grain that finds itself elsewhere goes, when the
/// silos have been the same for a while, and comes up at home with its next call: so a silo that joins takes its share. Thread-safe.
/// </summary>
public sealed class Homes(ISiloStatusOracle silos, ILocalSiloDetails here, TimeProvider time)
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5), LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private SiloAddress[] active = [];
    private long? changedAt, lookedAt;

    /// <summary>False if the grain has another home for long enough that it should go there.</summary>
    public bool IsHere(GrainId grain)
    {
        lock (gate)
        {
            // Not by the clock: somebody may set it back.
            var now = time.GetTimestamp();
            if (lookedAt is not { } last || time.GetElapsedTime(last, now) > LookEvery)
            {
                SiloAddress[] seen = [.. silos.GetActiveSilos().Order()];
                if (!seen.AsSpan().SequenceEqual(active)) (active, changedAt) = (seen, now);
                lookedAt = now;
            }
            return active.Length == 0 || changedAt is { } since && time.GetElapsedTime(since, now) < Settled || Of(grain, active).Equals(here.SiloAddress);
        }
    }

    internal static SiloAddress Of(GrainId grain, SiloAddress[] silos)
    {
        if (silos.Length == 0) throw new OrleansException("There is no silo for it.");
        var hash = grain.GetUniformHashCode();
        return silos.MaxBy(silo => (Mixed(hash, (uint)silo.GetConsistentHashCode()), silo))!;
    }

    /// <summary>Every bit of the result depends on every bit of both (the finalizer of splitmix64).</summary>
    private static ulong Mixed(uint grain, uint silo)
    {
        var z = ((ulong)grain << 32 | silo) + 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }
}
