using System.Collections.Concurrent;
using TrustMesh.Agent.Identity;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Parts;

/// <summary>An outbox in memory: numbers verdicts from 1, signs them, keeps them in order.</summary>
public sealed class PeerRecord
{
    private readonly Lock gate = new();
    private long sequence;

    public ConcurrentQueue<PeerVerdict> Verdicts { get; } = new();

    /// <summary>The disk is full.</summary>
    public bool Fails { get; set; }

    public byte[] Keep(Func<long, PeerVerdict> make, SessionKey session)
    {
        if (Fails) throw new IOException("No room for a verdict. This test told it so.");
        lock (gate)
        {
            var verdict = make(++sequence);
            Verdicts.Enqueue(verdict);
            return session.Sign(verdict.EncodePayload(), PeerVerdict.Typ);
        }
    }
}
