using TrustMesh.Agent.Identity;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>Calls a peer at its addresses, one after the other, until one leads to a judgement. Thread-safe.</summary>
internal sealed class PeerDialer(PeerEncounters encounters, SessionKeys sessions, MessageBudget budget, TimeProvider time)
{
    /// <summary>A newer policy is learned once, perhaps twice; who always has a newer one plays games.</summary>
    private const int MostBeginnings = 3;

    /// <param name="intended">Whom it has to be; null for whoever answers.</param>
    /// <param name="addresses"><c>host:port</c> each.</param>
    public async Task<PeerEncounter> CallAsync(DeviceId? intended, IReadOnlyList<string> addresses, CancellationToken stop)
    {
        var last = new PeerEncounter(HandshakeEnd.Refused, "no address is known", intended, null, null);
        foreach (var address in addresses)
        {
            if (!PeerAddress.TryParse(address, out var host, out var port)) continue;
            last = await CallAsync(intended, address, host, port, stop);
            if (last.Judgement is not null || last.End == HandshakeEnd.RefusedByPeer) return last;
        }
        return last;
    }

    private async Task<PeerEncounter> CallAsync(DeviceId? intended, string address, string host, int port, CancellationToken stop)
    {
        try
        {
            for (var beginnings = 1; ; beginnings++)
            {
                var began = time.GetTimestamp();
                await using var channel = await PeerChannel.DialAsync(host, port, sessions.Current, budget, time, stop);
                var encounter = await encounters.ExamineAsync(channel, intended, address, began, stop);
                if (encounter.End != HandshakeEnd.BeginAgain || beginnings == MostBeginnings) return encounter;
            }
        }
        catch (PeerException broken)
        {
            return new(HandshakeEnd.Refused, broken.Message, intended, null, null);
        }
    }
}
