using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

/// <summary>A36 on a device: what somebody else can make it say about an honest peer. (Quorum is the silo's business.)</summary>
public sealed class A36PeerTests : IDisposable
{
    private readonly PeerMesh mesh = new();
    private readonly MeshDevice a, b, c;

    public A36PeerTests() => (a, b, c) = (new(mesh, "press-1"), new(mesh, "press-2"), new(mesh, "press-3"));

    /// <summary>Whatever is broken on the way, nothing of it is a word against the device whose evidence it was.</summary>
    [Fact]
    public async Task A36_Nobody_in_between_can_make_a_device_speak_against_another()
    {
        var judged = 0;
        for (var at = 0; at < 40; at++)
        {
            var (pair, place) = (new HandshakePair(a, b), at);
            await pair.RunAsync((n, bytes) =>
            {
                if (n != 3) return bytes;
                var proof = PeerProof.Decode(bytes);
                // The log is outside of the signature and is judged; everything else in the evidence is under it.
                var evidence = Evidence.Decode(proof.Evidence);
                var token = evidence.Token!.Value.ToArray();
                token[place * token.Length / 40] ^= 1;
                return bytes.AsSpan().IndexOf(evidence.Token.Value.Span) is var found && found >= 0 ? [.. bytes[..found], .. token, .. bytes[(found + token.Length)..]] : throw new InvalidOperationException();
            });
            Assert.NotEqual(HandshakeEnd.Accepted, pair.R.Last.End);
            if (pair.R.Judgement is not { } judgement) continue;
            judged++;
            Assert.Equal((TrustTier.None, false, null), (judgement.Verdict.Status, judgement.Authentic, judgement.Alarm));
        }
        Assert.NotEqual(0, judged);
    }

    /// <summary>A stranger who has seen a membership can call in its name; the device it names loses nothing by that.</summary>
    [Fact]
    public async Task A36_A_stranger_in_a_peers_name_changes_nothing_about_the_peer()
    {
        await using var honest = new RunningPeer(a);
        await using var judge = new RunningPeer(b);
        await honest.Node.ExamineAsync(judge.Address, CancellationToken.None);
        await judge.HoldsAsync(honest, TrustTier.Warning);
        var (before, verdicts) = (judge.Of(honest)!, judge.Record.Verdicts.Count);

        using var key = new SessionKey(TimeProvider.System);
        PeerAddress.TryParse(judge.Address, out var host, out var port);
        await using (var channel = await PeerChannel.DialAsync(host, port, key, new(1 << 20), TimeProvider.System, CancellationToken.None))
        {
            var hello = new PeerHello(a.Id, b.Id, new byte[32], [ChannelBindingType.Finished], 0x000b, [13], 0, 0, mesh.MembershipOf(a.Id), 1, 1, [], GossipStatements.None).Encode();
            await channel.WriteAsync(hello, CancellationToken.None);
            var answer = await channel.ReadAsync(Caps.PeerMessage, CancellationToken.None);
            var transcript = PeerTranscript.Hash(hello, answer.Span, key.SpkiHash, channel.Link.TheirSpkiHash.Span, ChannelBindingType.Finished, channel.Link.Binding.Span);
            // The impostor is a member itself, and a good one: only it is not the one it says it is.
            var leaf = new ChallengeLeaf(transcript, b.Id, a.Id, AttesterRole.TlsClient, key.SpkiHash, channel.Link.TheirSpkiHash, ChannelBindingType.Finished, channel.Link.Binding);
            var evidence = await c.Proofs.AnswerAsync(new(leaf, key, 0x000b, [13], 0, 0), CancellationToken.None);
            await channel.WriteAsync(new PeerProof(transcript, evidence.Encode(), null, GossipStatements.None).Encode(), CancellationToken.None);
            Assert.True(PeerRefusal.Is((await channel.ReadAsync(Caps.PeerMessage, CancellationToken.None)).Span));
        }
        await judge.SaysAsync("Refused press-1");
        Assert.True(judge.Says("evidence.device"));
        Assert.Equal(verdicts, judge.Record.Verdicts.Count);
        Assert.Equal((before.Status, before.JudgedAt, before.SeenAt), (judge.Of(honest)!.Status, judge.Of(honest)!.JudgedAt, judge.Of(honest)!.SeenAt));
    }

    [Fact]
    public async Task A34_Another_device_at_an_assigned_address_is_not_taken_for_the_assigned_one()
    {
        await using var caller = new RunningPeer(a);
        await using var wrong = new RunningPeer(b);
        Assert.Empty(a.Statements.OfferPeers(mesh.SignedPeers(a.Id, mesh.Assigned(c.Id, wrong.Address))));
        await caller.HoldsAsync(c.Id, peer => peer is { Status: TrustTier.None, Because: [{ Check: "peer.reach" }] }, "no answer of press-3");
        await wrong.SaysAsync("it means another device");
        Assert.Null(caller.Device.Book.Find(b.Id));
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        c.Dispose();
        mesh.Dispose();
    }
}
