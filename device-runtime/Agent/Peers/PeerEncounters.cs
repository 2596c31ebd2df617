using System.Security.Cryptography;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// Runs handshakes: moves messages between a <see cref="Handshake"/> and its connection, and gets it what it needs: the other end's membership
/// looked at, this end's evidence, a verdict. Thread-safe.
/// </summary>
internal sealed class PeerEncounters(PeerParts parts)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>As the initiator, on a connection that was dialled.</summary>
    /// <param name="began">A timestamp from before it was dialled.</param>
    public Task<PeerEncounter> ExamineAsync(PeerChannel channel, DeviceId? intended, string address, long began, CancellationToken stop)
    {
        var handshake = new HandshakeInitiator(parts.Self, channel.Link, RandomNumberGenerator.GetBytes(Caps.Hash), intended);
        var run = new PeerRun(parts, channel, handshake, address, began);
        if (parts.Statements.MembershipSigned.IsEmpty) return Task.FromResult(run.Ended(handshake.Refuse(PeerRun.NoMembership)));
        return GuardAsync(run, () => handshake.Begin(run.Sends(intended is { } device ? parts.Members.Find(device) : null)), stop);
    }

    /// <summary>As the responder, on a connection that was accepted.</summary>
    public Task<PeerEncounter> AnswerAsync(PeerChannel channel, long began, CancellationToken stop)
        => GuardAsync(new(parts, channel, new HandshakeResponder(parts.Self, channel.Link, RandomNumberGenerator.GetBytes(Caps.Hash)), null, began), () => new(HandshakeNeed.Message), stop);

    private async Task<PeerEncounter> GuardAsync(PeerRun run, Func<HandshakeStep> first, CancellationToken stop)
    {
        using var limit = Limit.In(Deadline, parts.Time, stop);
        try
        {
            return await run.ToEndAsync(first(), limit.Token);
        }
        catch (PeerException broken)
        {
            return run.Ended(new(HandshakeNeed.Nothing) { End = HandshakeEnd.Refused, Reason = broken.Message });
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return run.Ended(new(HandshakeNeed.Nothing) { End = HandshakeEnd.Refused, Reason = $"the handshake took longer than {Deadline.TotalSeconds:0} s" });
        }
    }
}
