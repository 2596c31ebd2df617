using System.Net;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Admission;

/// <summary>
/// Which addresses follow from what this device holds true about its peers, and how long each may stay in.
/// <list type="number">
/// <item>An address is in from the handshake at it until that judgement stops counting. A peer with several addresses keeps those it proved itself
/// from; once it is not accepted, all of them are out.</item>
/// <item>Where two devices share an address (address translation), one proven device lets it in, and one that is contraindicated keeps it out.</item>
/// <item>The end is a moment of the monotonic clock, fixed when the judgement is first seen and never longer after it than the judgement counts: setting
/// the clock back keeps nobody in (attack A49).</item>
/// </list>
/// One caller at a time.
/// </summary>
public sealed class AddressLedger(TimeProvider time)
{
    /// <summary>Addresses of one peer; the oldest makes room.</summary>
    public const int MostAddresses = 4;

    /// <summary>Nobody is let in for longer without being looked at again, whatever a policy says.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Dictionary<DeviceId, Dictionary<IPAddress, Stay>> stays = [];

    /// <summary>Addresses that are to be in now, each with the timestamp (<see cref="TimeProvider.GetTimestamp"/>) of its end.</summary>
    public IReadOnlyDictionary<IPAddress, long> From(IReadOnlyList<KnownPeer> peers)
    {
        var (now, moment) = (time.GetUtcNow(), time.GetTimestamp());
        var known = peers.Select(peer => peer.Device).ToHashSet();
        foreach (var forgotten in stays.Keys.Where(device => !known.Contains(device)).ToList()) stays.Remove(forgotten);
        foreach (var peer in peers)
        {
            if (!peer.IsAccepted(now)) stays.Remove(peer.Device);
            else if (peer is { SeenAt: { } address, ExpiresAt: { } until }) Note(peer, address.Plain(), until, now, moment);
        }
        var refused = peers.Where(peer => peer.Status == TrustTier.Contraindicated && now < peer.ExpiresAt && peer.SeenAt is not null).Select(peer => peer.SeenAt!.Plain()).ToHashSet();
        return stays.Values.SelectMany(one => one).Where(one => one.Value.End > moment && !refused.Contains(one.Key))
            .GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Max(stay => stay.Value.End));
    }

    private void Note(KnownPeer peer, IPAddress address, DateTimeOffset until, DateTimeOffset now, long moment)
    {
        if (!stays.TryGetValue(peer.Device, out var own)) stays[peer.Device] = own = [];
        if (own.TryGetValue(address, out var before) && before.Until == until && before.JudgedAt == peer.JudgedAt) return;
        var lifetime = Least(Least(until - now, until - (peer.JudgedAt ?? now)), Longest);
        own[address] = new(until, peer.JudgedAt, moment + (long)(lifetime.TotalSeconds * time.TimestampFrequency));
        while (own.Count > MostAddresses) own.Remove(own.MinBy(one => one.Value.End).Key);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private readonly record struct Stay(DateTimeOffset Until, DateTimeOffset? JudgedAt, long End);
}
