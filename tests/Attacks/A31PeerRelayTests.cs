using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>
/// A31: two honest devices with real TPMs, real sockets, and somebody in the middle who terminates TLS on both sides. The devices' evidence is good; it is
/// the channel that is not the one they both are on. Each test says by which check it is found.
/// </summary>
public sealed class A31PeerRelayTests : IAsyncLifetime
{
    private readonly PeerMesh mesh = new();
    private readonly SessionKey own = new(TimeProvider.System), another = new(TimeProvider.System);
    private readonly List<Swtpm> tpms = [];
    private RunningPeer a = null!, b = null!;

    public async ValueTask InitializeAsync()
    {
        (a, b) = (Run("press-1"), Run("press-2"));
        // Without anybody in the middle they affirm each other: whatever fails below is the relay's doing.
        Assert.Equal(TrustTier.Affirming, (await a.Node.ExamineAsync(b.Address, CancellationToken.None)).Status);
        await b.HoldsAsync(a, TrustTier.Affirming);
    }

    [Fact]
    public async Task A31_A_relay_that_passes_messages_on_fails_on_the_transcript()
    {
        using var relay = new PeerRelay(b.Address, own, another, rewrites: false);
        await ThroughAsync(relay);
        await b.SaysAsync("speaks of another transcript");
        // Both hellos, the initiator's evidence, and a refusal.
        Assert.Equal(4, relay.Furthest);
    }

    /// <summary>It writes into each message the transcript its receiver expects; what it can not write is evidence.</summary>
    [Fact]
    public async Task A31_A_relay_that_corrects_the_transcript_fails_on_the_session_key_and_the_challenge()
    {
        using var relay = new PeerRelay(b.Address, own, another, rewrites: true);
        await ThroughAsync(relay);
        await RefusedByAsync("evidence.session-key", "evidence.challenge");
    }

    /// <summary>It even has both devices' session keys, as one who read their memory: every key under the hash is the right one, and only the
    /// connection is not.</summary>
    [Fact]
    public async Task A31_A_relay_with_stolen_session_keys_fails_on_the_channel_binding_alone()
    {
        using var relay = new PeerRelay(b.Address, b.Device.Sessions.Current, a.Device.Sessions.Current, rewrites: true);
        await ThroughAsync(relay);
        await RefusedByAsync("evidence.challenge");
    }

    [Fact]
    public async Task A31_With_stolen_session_keys_the_transcript_differs_by_the_channel_binding_alone()
    {
        using var relay = new PeerRelay(b.Address, b.Device.Sessions.Current, a.Device.Sessions.Current, rewrites: false);
        await ThroughAsync(relay);
        await b.SaysAsync("speaks of another transcript");
    }

    /// <summary>The control: who terminates nothing is a cable.</summary>
    [Fact]
    public async Task A31_Who_only_passes_bytes_on_changes_nothing()
    {
        using var cable = new ListeningProxy(b.Node.Listening!.Port);
        using var other = new MeshDevice(mesh, "press-3");
        await using var c = new RunningPeer(other, listens: false);
        Assert.Equal(TrustTier.Affirming, (await c.Node.ExamineAsync($"localhost:{cable.Address.Port}", CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A38_Peers_never_offer_to_resume_a_connection()
    {
        const int preSharedKey = 41;
        using var proxy = new ListeningProxy(b.Node.Listening!.Port);
        using var other = new MeshDevice(mesh, "press-3");
        await using var c = new RunningPeer(other, listens: false);
        for (var i = 0; i < 3; i++) await c.Node.ExamineAsync($"localhost:{proxy.Address.Port}", CancellationToken.None);
        Assert.Equal(3, proxy.Hellos.Count);
        Assert.All(proxy.Hellos, hello => Assert.DoesNotContain(preSharedKey, ListeningProxy.Extensions(hello)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in new[] { a, b })
        {
            if (peer is null) continue;
            await peer.DisposeAsync();
            peer.Device.Dispose();
        }
        tpms.ForEach(tpm => tpm.Dispose());
        own.Dispose();
        another.Dispose();
        mesh.Dispose();
    }

    private RunningPeer Run(string name)
    {
        var tpm = Swtpm.Start();
        tpms.Add(tpm);
        return new(MeshDevice.OnTpm(mesh, name, tpm));
    }

    /// <summary>a calls b at the relay's address. b accepts nothing of it, shows nothing, and thinks of a as before (A36).</summary>
    private async Task ThroughAsync(PeerRelay relay)
    {
        var (verdicts, before) = (b.Record.Verdicts.Count, b.Of(a)!);
        Assert.Empty(a.Device.Statements.OfferPeers(mesh.SignedPeers(a.Device.Id, mesh.Assigned(b.Device.Id, relay.Address))));
        await a.HoldsAsync(b, TrustTier.None, "peer.reach");
        Assert.Equal(verdicts, b.Record.Verdicts.Count);
        Assert.Equal((before.Status, before.JudgedAt), (b.Of(a)!.Status, b.Of(a)!.JudgedAt));
        Assert.DoesNotContain(a.Record.Verdicts, verdict => verdict.Status == TrustTier.Contraindicated);
    }

    private async Task RefusedByAsync(params string[] checks)
    {
        await b.SaysAsync("Refused press-1");
        var line = b.Log.Split('\n').Last(line => line.Contains("Refused press-1", StringComparison.Ordinal));
        var named = System.Text.RegularExpressions.Regex.Matches(line, @"(?:: |; )([a-z]+\.[a-z-]+): expected").Select(match => match.Groups[1].Value);
        Assert.Equal(checks, named);
    }
}
