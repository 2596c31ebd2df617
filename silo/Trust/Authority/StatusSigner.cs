using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Trust.Authority;

/// <summary>Makes the signed status list of a moment: how large it is, how long it lasts, when the next one is due.</summary>
/// <param name="graceSeconds">What the policy in force says.</param>
internal sealed class StatusSigner(MeshAuthority authority, Func<int> graceSeconds)
{
    /// <summary>Free entries above the highest index: a membership is never issued for a place the list does not have.</summary>
    private const int Headroom = 256;

    private const int Bits = 2, LifeInGraces = 4;
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(5);

    /// <summary>From one signature to the next: a device that misses one still has time for three more within the grace.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(graceSeconds()) / 4;

    public static long SizeFor(long highest) => (highest + Headroom) / StatusBook.SizeStep * StatusBook.SizeStep + StatusBook.SizeStep;

    /// <param name="changes">Against the list before.</param>
    /// <param name="all">Everyone on the list.</param>
    public StoredStatus Sign(long serial, DateTimeOffset now, long size, IEnumerable<StatusChange> changes, IReadOnlyCollection<(StatusChange Change, long Since)> all)
    {
        var entries = StatusList.Pack(all.Select(one => KeyValuePair.Create(one.Change.Index, one.Change.Standing == Standing.Revoked ? StatusValue.Invalid : StatusValue.Suspended)), size);
        var life = Interval * 4 * LifeInGraces;
        var until = (now + (life > ShortestLife ? life : ShortestLife)).ToUnixTimeSeconds();
        var list = new StatusList(authority.Mesh, StatusBook.UriOf(authority.Mesh), serial, Bits, entries, Math.Max(1, (int)Interval.TotalSeconds), now.ToUnixTimeSeconds(), until);
        return new(
            serial, 0, authority.Key.Sign(list.EncodePayload(), StatusList.Typ), now, DateTimeOffset.FromUnixTimeSeconds(until), size,
            [.. changes.Select(change => StoredStatus.Line.Of(change, serial))], [.. all.Select(one => StoredStatus.Line.Of(one.Change, one.Since))]);
    }
}
