using System.Security.Cryptography;
using TrustMesh.Agent.Peers;
using TrustMesh.Agent.Statements;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>The handshake without sockets: what it does when all goes well, and where it ends when something does not.</summary>
public sealed class PeersHandshakeTests : IDisposable
{
    private readonly PeerMesh mesh = new();
    private readonly MeshDevice a, b;

    public PeersHandshakeTests() => (a, b) = (new(mesh, "press-1"), new(mesh, "press-2"));

    [Fact]
    public async Task Two_good_devices_accept_each_other_in_five_messages()
    {
        var pair = new HandshakePair(a, b);
        await pair.AcceptsAsync();
        Assert.Equal(5, pair.Sent.Count);
        Assert.Equal(pair.I.Handshake.Transcript.ToArray(), pair.R.Handshake.Transcript.ToArray());
        foreach (var (side, other) in new[] { (pair.I, pair.R), (pair.R, pair.I) })
        {
            var verdict = other.Handshake.TheirVerdict!;
            Assert.Equal((side.Device.Id, other.Device.Id, TrustTier.Warning), (verdict.Issuer, verdict.Subject, verdict.Status));
            Assert.Equal("key.protection", Assert.Single(verdict.Because).Check);
            Assert.Equal(other.Device.Sessions.Current.Thumbprint, verdict.SubjectKey.ToArray());
            Assert.Equal((600, 7), (verdict.ExpiresAt - verdict.IssuedAt, verdict.NonceAgeMs));
            Assert.True(verdict.Passed > 20);
        }
    }

    [Fact]
    public async Task The_responder_shows_evidence_only_to_whom_it_accepted()
    {
        a.Measure(MeshDevice.ConfigFile, "speed=99\n");
        var pair = new HandshakePair(a, b);
        await pair.RunAsync();
        Assert.Equal((HandshakeEnd.RefusedByPeer, HandshakeEnd.Declined), (pair.I.Last.End, pair.R.Last.End));
        Assert.Equal(TrustTier.Contraindicated, pair.R.Judgement!.Verdict.Status);
        Assert.Contains(pair.R.Judgement.Verdict.Because, finding => finding is { Check: "file.digest", Outcome: Outcome.Fail });
        Assert.DoesNotContain(HandshakeNeed.Evidence, pair.R.Needs);
        Assert.Equal(PeerRefusal.Bytes.ToArray(), pair.Sent[^1]);
    }

    [Fact]
    public async Task The_initiator_says_its_verdict_even_where_it_is_a_bad_one()
    {
        b.Measure(MeshDevice.ConfigFile, "speed=99\n");
        var pair = new HandshakePair(a, b);
        await pair.RunAsync();
        Assert.Equal((HandshakeEnd.Declined, HandshakeEnd.Accepted), (pair.I.Last.End, pair.R.Last.End));
        Assert.Equal(TrustTier.Contraindicated, pair.R.Handshake.TheirVerdict!.Status);
    }

    [Fact]
    public async Task An_initiator_that_only_knows_an_address_learns_who_answered()
    {
        var pair = new HandshakePair(a, b, anyone: true);
        await pair.AcceptsAsync();
        Assert.Equal(b.Id, pair.I.Handshake.Other!.Device);
    }

    [Fact]
    public async Task A_second_handshake_brings_only_the_tail_of_the_log()
    {
        var first = new HandshakePair(a, b);
        await first.AcceptsAsync();
        foreach (var device in new[] { a, b }) device.Measure("/etc/other.conf", "new");
        mesh.PublishReference(new Dictionary<string, string> { [MeshDevice.ConfigFile] = MeshDevice.GoodConfig, ["/etc/other.conf"] = "new" });
        foreach (var device in new[] { a, b }) Assert.Empty(device.Statements.Offer(mesh.Published()));
        var second = new HandshakePair(a, b);
        await second.AcceptsAsync();
        var (whole, tail) = (Log(first.Sent[2]), Log(second.Sent[2]));
        Assert.Equal((0, 1, 1, 1), (whole.From, whole.Entries.Count, tail.From, tail.Entries.Count));
    }

    /// <summary>Whoever knows more passes it on, in M2 or in M3, and both then have the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_newer_status_list_reaches_whoever_has_an_older_one(bool initiatorKnows)
    {
        using var third = new MeshDevice(mesh, "press-3");
        var newer = mesh.Revoke(third.Id);
        (initiatorKnows ? a : b).Statements.Offer(new GossipStatements(null, newer, []));
        var pair = new HandshakePair(a, b);
        await pair.AcceptsAsync();
        Assert.Equal((2L, 2L), (a.Statements.Status!.Value.Serial, b.Statements.Status!.Value.Serial));
        Assert.Equal(StatusValue.Invalid, (initiatorKnows ? b : a).Statements.StatusOf(third.Statements.Membership!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_newer_policy_ends_the_handshake_and_both_begin_again_under_it(bool initiatorKnows)
    {
        (initiatorKnows ? a : b).Statements.Offer(new GossipStatements(mesh.Publish(policy => policy with { LifetimeSeconds = 300 }), null, []));
        var first = new HandshakePair(a, b);
        await first.RunAsync();
        Assert.Equal(HandshakeEnd.BeginAgain, first.I.Last.End);
        Assert.Equal(initiatorKnows ? HandshakeEnd.BeginAgain : HandshakeEnd.RefusedByPeer, first.R.Last.End);
        Assert.Equal(PeerRefusal.Bytes.ToArray(), first.Sent[^1]);
        Assert.Null(first.R.Judgement);
        var second = new HandshakePair(a, b);
        await second.AcceptsAsync();
        Assert.Equal(300, second.I.Handshake.TheirVerdict!.ExpiresAt - second.I.Handshake.TheirVerdict.IssuedAt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Statements_go_only_to_members(int hello)
    {
        var revoked = mesh.SetStatus(a.Id, StatusValue.Valid);
        a.Statements.Offer(new GossipStatements(null, revoked, []));
        b.Statements.Offer(new GossipStatements(null, revoked, []));
        using var others = new PeerMesh();
        using var stranger = new MeshDevice(others, "stranger");
        var pair = hello == 1 ? new HandshakePair(stranger, b) : new HandshakePair(a, stranger);
        await pair.RunAsync();
        var refuser = hello == 1 ? pair.R : pair.I;
        Assert.Contains(hello == 1 ? "statement.signature" : "refused", hello == 1 ? refuser.Last.Reason : "refused", StringComparison.Ordinal);
        Assert.Equal(PeerRefusal.Bytes.ToArray(), pair.Sent[^1]);
        Assert.DoesNotContain(pair.Sent, message => Contains(message, revoked));
    }

    [Fact]
    public async Task Every_refusal_is_the_same_bytes()
    {
        var refusals = new List<byte[]>();
        Func<int, byte[], byte[]>[] ways = [(n, bytes) => n == 1 ? [0xff] : bytes, (n, bytes) => n == 3 ? bytes[..^1] : bytes, (n, bytes) => n == 2 ? bytes[1..] : bytes];
        foreach (var way in ways)
        {
            var pair = new HandshakePair(a, b);
            await pair.RunAsync(way);
            refusals.Add(pair.Sent[^1]);
        }
        Assert.All(refusals, refusal => Assert.Equal(PeerRefusal.Bytes.ToArray(), refusal));
    }

    [Fact]
    public async Task A42_No_phase_takes_more_than_its_message_may_be()
    {
        var pair = new HandshakePair(a, b);
        Assert.Equal(Caps.PeerHello, pair.R.Handshake.Cap);
        Assert.Contains("131073", (await pair.R.ReceiveAsync(new byte[Caps.PeerHello + 1])).Reason, StringComparison.Ordinal);
        Assert.Equal(0, pair.R.Handshake.Cap);
    }

    [Fact]
    public async Task A05_Under_one_policy_nobody_asks_for_other_registers()
    {
        var pair = new HandshakePair(a, b);
        pair.I.Facts = facts => facts with { Pcrs = [0, 13] };
        await pair.RunAsync();
        Assert.Contains("asks for PCR 0,13", pair.R.Last.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "statements came")]
    [InlineData(4, "statements came")]
    public async Task Statements_come_only_where_the_protocol_has_them(int message, string reason)
    {
        var brought = new GossipStatements(mesh.SignedPolicy(), null, []);
        var pair = new HandshakePair(a, b);
        await pair.RunAsync((n, bytes) => n != message ? bytes : n == 1 ? (PeerHello.Decode(bytes) with { Statements = brought }).Encode() : (PeerProof.Decode(bytes) with { Statements = brought }).Encode());
        Assert.Contains(reason, (message == 1 ? pair.R : pair.I).Last.Reason, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        mesh.Dispose();
    }

    private static LogTail Log(byte[] proof) => Evidence.Decode(PeerProof.Decode(proof).Evidence).Log;

    private static bool Contains(byte[] message, byte[] part) => message.AsSpan().IndexOf(part) >= 0;
}
