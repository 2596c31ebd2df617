using System.Security.Cryptography;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

/// <summary>A33: messages changed, replayed, out of order, of another handshake; a weaker channel talked into.</summary>
public sealed class A33HandshakeTests : IDisposable
{
    private const string AnotherTranscript = "speaks of another transcript";

    private readonly PeerMesh mesh = new();
    private readonly MeshDevice a, b;

    public A33HandshakeTests() => (a, b) = (new(mesh, "press-1"), new(mesh, "press-2"));

    /// <summary>One bit anywhere, in any message: whoever receives it does not accept.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A33_A_message_with_one_bit_changed_is_never_accepted(int message)
    {
        var length = 0;
        for (var sample = 0; sample == 0 || sample * Step(length) < length; sample++)
        {
            var pair = new HandshakePair(a, b);
            var at = sample;
            await pair.RunAsync((n, bytes) =>
            {
                if (n != message) return bytes;
                length = bytes.Length;
                bytes[at * Step(length)] ^= (byte)(1 << at % 8);
                return bytes;
            });
            var receiver = message % 2 == 1 ? pair.R : pair.I;
            Assert.NotNull(receiver.Last.End);
            Assert.True(receiver.Last.End != HandshakeEnd.Accepted, $"M{message}, byte {at * Step(length)} of {length}");
            // Hellos are under the hash: a change in either is found by the other end as well.
            if (message <= 2) Assert.NotEqual(HandshakeEnd.Accepted, (message == 1 ? pair.I : pair.R).Last.End);
        }
        static int Step(int length) => Math.Max(1, length / 64);
    }

    [Fact]
    public async Task A33_A_changed_hello_is_found_by_the_transcript()
    {
        var pair = new HandshakePair(a, b);
        await pair.RunAsync((n, bytes) => n == 1 ? (PeerHello.Decode(bytes) with { StatusSerial = 0 }).Encode() : bytes);
        Assert.Contains(AnotherTranscript, pair.R.Last.Reason, StringComparison.Ordinal);
        Assert.Equal((HandshakeEnd.RefusedByPeer, HandshakeEnd.Refused), (pair.I.Last.End, pair.R.Last.End));
        Assert.Null(pair.R.Judgement);
    }

    /// <summary>Every message of a good handshake, given to every phase of both ends in another one: only the one that has to come is looked at, and none is accepted.</summary>
    [Fact]
    public async Task A33_A_message_that_is_not_the_next_one_is_refused()
    {
        var good = new HandshakePair(a, b);
        await good.AcceptsAsync();
        for (var replaced = 1; replaced <= 5; replaced++)
        for (var with = 1; with <= 5; with++)
        {
            // M1 of another handshake begins one; what follows shows that it is not this one. M2 of another answers another nonce.
            var pair = new HandshakePair(a, b);
            await pair.RunAsync((n, bytes) => n == replaced ? good.Sent[with - 1] : bytes);
            var receiver = replaced % 2 == 1 ? pair.R : pair.I;
            Assert.True(receiver.Last.End is HandshakeEnd.Refused or HandshakeEnd.RefusedByPeer, $"M{with} in the place of M{replaced}: {receiver.Last.End}");
            if (replaced <= 4) Assert.Null((replaced <= 3 ? pair.R : pair.I).Judgement);
        }
    }

    [Fact]
    public async Task A33_A_message_that_comes_twice_is_refused()
    {
        for (var twice = 1; twice <= 5; twice++)
        {
            var pair = new HandshakePair(a, b);
            // The phase has moved on when it comes again.
            await pair.RunAsync((n, bytes) => n == twice + 2 ? pair.Sent[twice - 1] : bytes);
            var receiver = twice % 2 == 1 ? pair.R : pair.I;
            var second = twice > 3 ? await receiver.ReceiveAsync(pair.Sent[twice - 1]) : receiver.Last;
            Assert.Equal(HandshakeEnd.Refused, second.End);
        }
    }

    [Fact]
    public async Task A33_A_whole_handshake_of_the_past_ends_at_the_first_proof()
    {
        var past = new HandshakePair(a, b);
        await past.AcceptsAsync();
        var pair = new HandshakePair(a, b);
        await pair.RunAsync((n, bytes) => n % 2 == 1 ? past.Sent[n - 1] : bytes);
        Assert.Equal(HandshakeEnd.Refused, pair.R.Last.End);
        Assert.Contains(AnotherTranscript, pair.R.Last.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(HandshakeNeed.Evidence, pair.R.Needs);
    }

    /// <summary>The past proof with today's transcript written over it: the evidence itself is bound.</summary>
    [Fact]
    public async Task A33_Evidence_of_a_past_handshake_answers_no_other()
    {
        var past = new HandshakePair(a, b);
        await past.AcceptsAsync();
        var pair = new HandshakePair(a, b);
        await pair.RunAsync((n, bytes) => n == 3 ? (PeerProof.Decode(past.Sent[2]) with { Transcript = PeerProof.Decode(bytes).Transcript }).Encode() : bytes);
        Assert.Equal((HandshakeEnd.Declined, TrustTier.None), (pair.R.Last.End, pair.R.Judgement!.Verdict.Status));
        Assert.Equal(["evidence.challenge"], Failed(pair.R.Judgement));
    }

    [Fact]
    public async Task A33_Both_bind_the_channel_where_both_can_even_if_policy_does_not_ask_for_it()
    {
        Relax();
        var pair = new HandshakePair(a, b);
        await pair.AcceptsAsync();
        Assert.Equal([ChannelBindingType.None, ChannelBindingType.Finished], PeerHello.Decode(pair.Sent[0]).Bindings);
        Assert.Equal([ChannelBindingType.Finished], PeerHello.Decode(pair.Sent[1]).Bindings);
    }

    [Fact]
    public async Task A33_Nobody_can_take_the_binding_out_of_the_offer()
    {
        Relax();
        var pair = new HandshakePair(a, b);
        await pair.RunAsync((n, bytes) => n == 1 ? (PeerHello.Decode(bytes) with { Bindings = [ChannelBindingType.None] }).Encode() : bytes);
        Assert.Contains(AnotherTranscript, pair.R.Last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A33_Where_policy_wants_a_bound_channel_none_is_neither_offered_nor_taken()
    {
        var offered = new HandshakePair(a, b);
        await offered.AcceptsAsync();
        Assert.Equal([ChannelBindingType.Finished], PeerHello.Decode(offered.Sent[0]).Bindings);

        var asked = new HandshakePair(a, b);
        await asked.RunAsync((n, bytes) => n == 1 ? (PeerHello.Decode(bytes) with { Bindings = [ChannelBindingType.None] }).Encode() : bytes);
        Assert.Contains("no channel binding", asked.R.Last.Reason, StringComparison.Ordinal);

        var chosen = new HandshakePair(a, b);
        await chosen.RunAsync((n, bytes) => n == 2 ? (PeerHello.Decode(bytes) with { Bindings = [ChannelBindingType.None] }).Encode() : bytes);
        Assert.Contains("was not offered", chosen.I.Last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A33_A_verdict_of_another_handshake_is_not_taken_for_this_one()
    {
        foreach (var message in new[] { 4, 5 })
        {
            var pair = new HandshakePair(a, b);
            var side = message == 4 ? pair.R : pair.I;
            side.Verdict = verdict => verdict with { Transcript = new byte[32] };
            await pair.RunAsync();
            var reader = message == 4 ? pair.I : pair.R;
            Assert.Equal(HandshakeEnd.Refused, reader.Last.End);
            Assert.Contains(AnotherTranscript, reader.Last.Reason, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        mesh.Dispose();
    }

    private static IEnumerable<string> Failed(PeerJudgement judgement) => judgement.Verdict.Because.Where(finding => finding.Outcome == Outcome.Fail).Select(finding => finding.Check);

    private void Relax()
    {
        var policy = mesh.Publish(policy => policy with { ChannelBindingRequired = false });
        foreach (var device in new[] { a, b }) Assert.Empty(device.Statements.Offer(new GossipStatements(policy, null, [])));
    }
}
