using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

/// <summary>A32 and A34: a device shown its own words, and the right software on the wrong device.</summary>
public sealed class A32HandshakeTests : IDisposable
{
    private readonly PeerMesh mesh = new();
    private readonly MeshDevice a, b, c;

    public A32HandshakeTests() => (a, b, c) = (new(mesh, "press-1"), new(mesh, "press-2"), new(mesh, "press-3"));

    [Fact]
    public async Task A32_A_hello_sent_back_to_who_said_it_is_refused()
        => await RefusedByInitiatorAsync(new(a, b), (n, bytes, pair) => n == 2 ? pair.Sent[0] : bytes, "this device itself");

    [Fact]
    public async Task A32_A_hello_in_this_devices_own_name_is_refused()
        => await RefusedByInitiatorAsync(new(a, b), (n, bytes, _) => n == 2 ? (PeerHello.Decode(bytes) with { Device = a.Id }).Encode() : bytes, "this device itself");

    [Fact]
    public async Task A32_This_devices_own_nonce_is_refused()
        => await RefusedByInitiatorAsync(new(a, b), (n, bytes, pair) => n == 2 ? (PeerHello.Decode(bytes) with { Nonce = PeerHello.Decode(pair.Sent[0]).Nonce }).Encode() : bytes, "own nonce");

    [Fact]
    public async Task A32_This_devices_own_key_is_refused()
    {
        var side = new HandshakeSide(b, link => new HandshakeResponder(b.Id, link, new byte[32]), a, new byte[48], a.Sessions.Current);
        var pair = new HandshakePair(a, b);
        await pair.I.BeginAsync();
        Assert.Contains("own TLS key", (await side.ReceiveAsync(pair.I.Last.Send!.Value)).Reason, StringComparison.Ordinal);
    }

    /// <summary>Evidence of the initiator, sent back to it as if the responder had made it.</summary>
    [Fact]
    public async Task A32_Evidence_sent_back_to_who_made_it_says_nothing_about_the_other_end()
    {
        var pair = new HandshakePair(a, b);
        await pair.RunAsync((n, bytes) => n == 4 ? (PeerProof.Decode(bytes) with { Evidence = PeerProof.Decode(pair.Sent[2]).Evidence }).Encode() : bytes);
        Assert.Equal((HandshakeEnd.Declined, TrustTier.None), (pair.I.Last.End, pair.I.Judgement!.Verdict.Status));
        Assert.Equal(["evidence.device", "evidence.session-key", "evidence.challenge", "token.signature", "token.nonce"], Failed(pair.I.Judgement));
    }

    [Fact]
    public async Task A34_Another_device_than_the_one_that_was_called_is_refused()
    {
        // c is called, b answers for it: right software, a good member, the wrong device.
        var pair = new HandshakePair(a, b, intended: c.Id);
        await pair.RunAsync((n, bytes) => n == 1 ? (PeerHello.Decode(bytes) with { Intended = b.Id }).Encode() : bytes);
        Assert.Contains("another device answered", pair.I.Last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A34_A_device_that_is_called_by_another_ones_name_does_not_answer()
    {
        var pair = new HandshakePair(a, b, intended: c.Id);
        await pair.RunAsync();
        Assert.Contains("means another device", pair.R.Last.Reason, StringComparison.Ordinal);
        Assert.Equal(2, pair.Sent.Count);
    }

    /// <summary>b says it is c, with c's membership, which everyone has seen; its evidence is its own.</summary>
    [Fact]
    public async Task A34_A_good_device_under_another_ones_name_is_not_taken_for_it()
    {
        var pair = new HandshakePair(b, a);
        await pair.RunAsync((n, bytes) => n == 1 ? (PeerHello.Decode(bytes) with { Device = c.Id, Membership = mesh.MembershipOf(c.Id) }).Encode()
            : n == 2 ? (PeerHello.Decode(bytes) with { Intended = b.Id }).Encode()
            : n == 3 ? (PeerProof.Decode(bytes) with { Transcript = pair.R.Handshake.Transcript }).Encode() : bytes);
        Assert.Equal(HandshakeEnd.Declined, pair.R.Last.End);
        Assert.Equal((c.Id, TrustTier.None), (pair.R.Judgement!.Verdict.Subject, pair.R.Judgement.Verdict.Status));
        Assert.Equal(["evidence.device", "evidence.challenge", "token.signature"], Failed(pair.R.Judgement));
    }

    [Fact]
    public async Task A34_A_membership_of_another_device_is_refused()
    {
        var pair = new HandshakePair(b, a);
        pair.I.Facts = facts => facts with { Membership = mesh.MembershipOf(c.Id) };
        await pair.RunAsync();
        Assert.Contains("membership is another device's", pair.R.Last.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("issuer", "by or about another device")]
    [InlineData("subject", "by or about another device")]
    [InlineData("key", "another session key")]
    [InlineData("signature", "not signed by the key of the connection")]
    public async Task A34_A_verdict_names_both_ids_and_the_key_it_was_made_about(string wrong, string reason)
    {
        using var other = new SessionKey(TimeProvider.System);
        var pair = new HandshakePair(a, b);
        pair.R.Verdict = verdict => wrong switch { "issuer" => verdict with { Issuer = c.Id }, "subject" => verdict with { Subject = c.Id }, "key" => verdict with { SubjectKey = new byte[32] }, _ => verdict };
        if (wrong == "signature") pair.R.VerdictKey = other;
        await pair.RunAsync();
        Assert.Equal(HandshakeEnd.Refused, pair.I.Last.End);
        Assert.Contains(reason, pair.I.Last.Reason, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        c.Dispose();
        mesh.Dispose();
    }

    private static async Task RefusedByInitiatorAsync(HandshakePair pair, Func<int, byte[], HandshakePair, byte[]> way, string reason)
    {
        await pair.RunAsync((n, bytes) => way(n, bytes, pair));
        Assert.Equal(HandshakeEnd.Refused, pair.I.Last.End);
        Assert.Contains(reason, pair.I.Last.Reason, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Failed(PeerJudgement judgement) => judgement.Verdict.Because.Where(finding => finding.Outcome == Outcome.Fail).Select(finding => finding.Check);
}
