using System.Security.Authentication;
using System.Security.Cryptography;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Life;
using TrustMesh.Agent.Silo;
using TrustMesh.Tests.Agent;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>The device's end of the channel: whom it talks to, and that what it says there is of no use elsewhere.</summary>
public sealed class A31AgentChannelTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly FakeAuthority authority = new(), other = new();
    private readonly RegisterRoot root = new();

    [Fact]
    public async Task A31_Tells_nothing_to_a_silo_of_another_mesh_with_the_same_name()
    {
        await using var silo = await FakeSilo.StartAsync(other);
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Refused);
        Assert.Empty(silo.Requests);
        Assert.Contains("do not lead to the mesh authority", life.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A31_Refuses_a_certificate_another_key_signed_in_the_authoritys_name()
    {
        await using var silo = await FakeSilo.StartAsync(authority, authority.Issue(signWith: other.Key));
        await RefusedAsync(silo, "not issued as it should be");
    }

    [Fact]
    public async Task A31_Refuses_a_certificate_for_another_host()
    {
        await using var silo = await FakeSilo.StartAsync(authority, authority.Issue(host: "elsewhere.example"));
        await RefusedAsync(silo, "is not for localhost");
    }

    [Fact]
    public async Task A31_Refuses_a_certificate_that_has_expired()
    {
        await using var silo = await FakeSilo.StartAsync(authority, authority.Issue(until: DateTimeOffset.UtcNow.AddHours(-1)));
        await RefusedAsync(silo, "is not valid at");
    }

    [Fact]
    public async Task A31_Refuses_a_certificate_that_is_not_for_servers()
    {
        await using var silo = await FakeSilo.StartAsync(authority, authority.Issue(usage: "1.3.6.1.5.5.7.3.2"));
        await RefusedAsync(silo, "not issued as it should be");
    }

    [Fact]
    public async Task A33_Refuses_a_silo_that_speaks_only_TLS_1_2()
    {
        await using var silo = await FakeSilo.StartAsync(authority, protocols: SslProtocols.Tls12);
        using var session = new SessionKey(TimeProvider.System);
        var refused = await Assert.ThrowsAsync<SiloException>(() => SiloConnection.OpenAsync(silo.Address, authority.Pin, session, TimeProvider.System, CancellationToken.None));
        Assert.Equal(FailureKind.Unreachable, refused.Kind);
        Assert.Empty(silo.Requests);
    }

    /// <summary>A dishonest member with a good certificate asks the device the silo's question, to answer with it in its own name.</summary>
    [Fact]
    public async Task A31_An_answer_given_to_one_silo_is_bound_to_that_ones_key_and_channel()
    {
        var victimsNonce = RandomNumberGenerator.GetBytes(32);
        await using var victim = await FakeSilo.StartAsync(authority);
        await using var relay = await FakeSilo.StartAsync(authority);
        relay.Ask = challenge => challenge with { Nonce = victimsNonce, Challenger = victim.Self };
        await using var life = new RunningLife(folder, relay.Address, root, authority.TokenText());
        await relay.ProvenAsync(1);
        var stolen = relay.Accepted.First();
        Assert.True(stolen.Bound, "the relay itself is answered");
        // What the victim computes for its own connection to the relay: the relay's key as the device's, its own key, another Finished value.
        foreach (var binding in new[] { RandomNumberGenerator.GetBytes(48), [] })
        foreach (var spki in new[] { victim.Spki, relay.Spki })
        {
            var leaf = new ChallengeLeaf(victimsNonce, victim.Self, root.Device, AttesterRole.TlsClient, RandomNumberGenerator.GetBytes(32), spki, binding.Length > 0 ? ChannelBindingType.Finished : ChannelBindingType.None, binding);
            Assert.NotEqual(leaf.LeafHash(), stolen.Claims.Challenge.ToArray());
        }
    }

    [Fact]
    public async Task A32_Does_not_answer_a_challenge_in_its_own_name()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.Ask = challenge => challenge with { Challenger = root.Device };
        await NotAnsweredAsync(silo, "comes from this device itself");
    }

    [Fact]
    public async Task A01_Does_not_answer_one_nonce_twice_on_a_connection()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.NextSeconds = 1;
        var nonce = RandomNumberGenerator.GetBytes(32);
        silo.Ask = challenge => challenge with { Nonce = nonce };
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Refused);
        Assert.Contains("used before", life.State.Reason, StringComparison.Ordinal);
        Assert.Single(silo.Accepted);
    }

    /// <summary>The parser refuses such a challenge already; this is the device's own rule behind it.</summary>
    [Fact]
    public void A07_Does_not_sign_over_another_bank_than_SHA_256()
        => Assert.Contains("PCR bank 000c", ChallengeCheck.Problem(new(new byte[32], DeviceId.FromRootKey([1]), 0x000c, [13], 1, 0, 60), root.Device, 13, default), StringComparison.Ordinal);

    [Theory]
    [InlineData(13, new[] { 13 }, null)]
    [InlineData(13, new[] { 0, 7, 13 }, null)]
    [InlineData(13, new[] { 0, 7 }, "does not ask for PCR 13")]
    [InlineData(13, new[] { 13, 13 }, "not ascending")]
    [InlineData(13, new[] { 13, 7 }, "not ascending")]
    [InlineData(13, new[] { 13, 24 }, "not ascending")]
    [InlineData(13, new int[0], "not ascending")]
    public void A05_Registers_are_quoted_only_as_the_rules_say(int measurement, int[] pcrs, string? problem)
    {
        var challenge = new Challenge(new byte[32], DeviceId.FromRootKey([1]), 0x000b, pcrs, 1, 0, 60);
        var found = ChallengeCheck.Problem(challenge, root.Device, measurement, default);
        if (problem is null) Assert.Null(found);
        else Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
        other.Dispose();
    }

    private async Task RefusedAsync(FakeSilo silo, string reason)
    {
        using var session = new SessionKey(TimeProvider.System);
        var refused = await Assert.ThrowsAsync<SiloException>(() => SiloConnection.OpenAsync(silo.Address, authority.Pin, session, TimeProvider.System, CancellationToken.None));
        Assert.Equal(FailureKind.NotOurSilo, refused.Kind);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty(silo.Requests);
    }

    private async Task NotAnsweredAsync(FakeSilo silo, string reason)
    {
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Refused);
        Assert.Contains(reason, life.State.Reason, StringComparison.Ordinal);
        Assert.Empty(silo.Accepted);
        Assert.Equal(0, root.Proofs);
    }
}
