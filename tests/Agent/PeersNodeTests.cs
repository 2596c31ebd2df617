using System.Net;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>Devices among each other over real sockets; nobody here has a silo.</summary>
public sealed class PeersNodeTests : IDisposable
{
    private readonly PeerMesh mesh = new();
    private readonly List<MeshDevice> devices = [];

    [Fact]
    public async Task Assigned_peers_judge_each_other_without_anybodys_help()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        a.Assign(b);
        await a.HoldsAsync(b, TrustTier.Warning);
        await b.HoldsAsync(a, TrustTier.Warning);
        var (ofB, ofA) = (a.Of(b)!, b.Of(a)!);
        Assert.Equal(("press-2", "oslo", PeerMesh.Model, true, IPAddress.Loopback), (ofB.Name, ofB.Site, ofB.Model, ofB.Assigned, ofB.SeenAt));
        Assert.Equal(("press-1", false, IPAddress.Loopback), (ofA.Name, ofA.Assigned, ofA.SeenAt));
        Assert.True(ofB.IsAccepted(DateTimeOffset.UtcNow) && ofB.NonceAgeMs < 15_000);
        Assert.Equal(TimeSpan.FromSeconds(600), ofB.ExpiresAt - ofB.JudgedAt);
        Assert.Equal([1L], a.Record.Verdicts.Select(verdict => verdict.Sequence));
        Assert.Equal((a.Device.Id, b.Device.Id), (a.Record.Verdicts.Single().Issuer, a.Record.Verdicts.Single().Subject));
    }

    /// <summary>A TPM and a software key in one mesh: each judged as what it is.</summary>
    [Fact]
    public async Task Two_real_TPMs_and_a_software_key_judge_each_other_and_tiers_are_not_blended()
    {
        using var first = Swtpm.Start();
        using var second = Swtpm.Start();
        await using var a = Run(MeshDevice.OnTpm(mesh, "press-1", first));
        await using var b = Run(MeshDevice.OnTpm(mesh, "press-2", second));
        await using var c = Run("press-3");
        a.Assign(b, c);
        await a.HoldsAsync(b, TrustTier.Affirming);
        await b.HoldsAsync(a, TrustTier.Affirming);
        await a.HoldsAsync(c, TrustTier.Warning, "key.protection");
        await c.HoldsAsync(a, TrustTier.Affirming);
        Assert.Equal((AssuranceTier.TpmQuote, AssuranceTier.Software, AssuranceTier.TpmQuote), (a.Of(b)!.Tier, a.Of(c)!.Tier, c.Of(a)!.Tier));
        Assert.Empty(a.Of(b)!.Because);
    }

    [Fact]
    public async Task A_file_that_is_tampered_with_is_seen_by_every_peer_at_once()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        await using var c = Run("press-3");
        a.Assign(b, c);
        await b.HoldsAsync(a, TrustTier.Warning);
        await c.HoldsAsync(a, TrustTier.Warning);
        a.Device.Measure(MeshDevice.ConfigFile, "speed=99\n");
        a.Node.OnMeasured();
        await b.HoldsAsync(a, TrustTier.Contraindicated, "file.digest");
        await c.HoldsAsync(a, TrustTier.Contraindicated, "file.digest");
        await a.SaysAsync("it refused this device");
    }

    [Fact]
    public async Task Examining_now_by_name_by_id_and_by_an_address_nobody_knows()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        var met = await a.Node.ExamineAsync(b.Address, CancellationToken.None);
        Assert.Equal((b.Device.Id, "press-2", TrustTier.Warning, false), (met.Device, met.Name, met.Status, met.Assigned));
        Assert.Equal([b.Address], met.Addresses);
        Assert.Equal(TrustTier.Warning, (await a.Node.ExamineAsync("press-2", CancellationToken.None)).Status);
        Assert.Equal(TrustTier.Warning, (await a.Node.ExamineAsync(b.Device.Id, CancellationToken.None)).Status);
        Assert.Equal([1L, 2L, 3L], a.Record.Verdicts.Select(verdict => verdict.Sequence));
        await Assert.ThrowsAsync<PeerException>(() => a.Node.ExamineAsync(DeviceId.FromRootKey([1]), CancellationToken.None));
        Assert.Contains("no host", (await Assert.ThrowsAsync<PeerException>(() => a.Node.ExamineAsync("not a host", CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_gives_no_answer_is_unknown_and_that_is_said_once()
    {
        await using var a = Run("press-1");
        var b = Run("press-2");
        a.Assign(b);
        await a.HoldsAsync(b, TrustTier.Warning);
        await b.DisposeAsync();
        var gone = await a.Node.ExamineAsync(b.Device.Id, CancellationToken.None);
        Assert.Equal((TrustTier.None, "peer.reach", Outcome.NoAnswer), (gone.Status, gone.Because.Single().Check, gone.Because.Single().Outcome));
        Assert.StartsWith($"no answer: {b.Address} can not be reached: ", gone.Because.Single().Got, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\.$", gone.Because.Single().Got);
        var verdict = a.Record.Verdicts.Last();
        Assert.Equal(TrustTier.None, verdict.Status);
        Assert.Equal(new byte[32], verdict.Transcript.ToArray());
        Assert.Equal(new byte[32], verdict.SubjectKey.ToArray());
        var before = a.Record.Verdicts.Count;
        await a.Node.ExamineAsync(b.Device.Id, CancellationToken.None);
        Assert.Equal(before, a.Record.Verdicts.Count);
    }

    [Fact]
    public async Task A_peer_that_comes_back_is_trusted_again()
    {
        await using var a = Run("press-1");
        var b = Run("press-2");
        a.Assign(b);
        await a.HoldsAsync(b, TrustTier.Warning);
        var at = b.Node.Listening!;
        await b.DisposeAsync();
        await a.Node.ExamineAsync(b.Device.Id, CancellationToken.None);
        await a.HoldsAsync(b, TrustTier.None);
        await using var again = new RunningPeer(b.Device, at: at);
        await a.HoldsAsync(b, TrustTier.Warning);
    }

    [Fact]
    public async Task A_newer_policy_is_learned_on_the_way_and_judged_by_at_once()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        b.Device.Statements.Offer(new GossipStatements(mesh.Publish(policy => policy with { LifetimeSeconds = 120 }), null, []));
        a.Assign(b);
        await a.HoldsAsync(b.Device.Id, peer => peer.ExpiresAt - peer.JudgedAt == TimeSpan.FromSeconds(120), "a verdict of two minutes");
        await b.HoldsAsync(a.Device.Id, peer => peer.ExpiresAt - peer.JudgedAt == TimeSpan.FromSeconds(120), "a verdict of two minutes");
        Assert.Equal(2, a.Device.Statements.Policy!.Policy.Serial);
    }

    [Fact]
    public async Task A_verdict_that_can_not_be_kept_is_not_believed_either()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        b.Record.Fails = true;
        a.Assign(b);
        await b.SaysAsync("No room for a verdict");
        Assert.Null(b.Of(a));
        b.Record.Fails = false;
        await a.HoldsAsync(b, TrustTier.Warning);
        await b.HoldsAsync(a, TrustTier.Warning);
    }

    [Fact]
    public async Task A_device_that_does_not_listen_examines_others_and_is_examined_on_the_way()
    {
        await using var a = new RunningPeer(Device("press-1"), listens: false);
        await using var b = Run("press-2");
        a.Assign(b);
        await a.HoldsAsync(b, TrustTier.Warning);
        await b.HoldsAsync(a, TrustTier.Warning);
        Assert.Null(a.Node.Listening);
    }

    [Fact]
    public void A_port_that_is_taken_is_named()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var failed = Assert.Throws<IOException>(() => new PeerNode(new((IPEndPoint)listener.LocalEndpoint, []), Device("press-1").Id, devices[0].Statements, devices[0].Book, devices[0].Proofs,
            devices[0].Sessions, new PeerRecord().Keep, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        Assert.Contains("can not be listened for", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verdicts_are_signed_by_the_key_of_the_connection_and_vouched_for()
    {
        await using var a = Run("press-1");
        await using var b = Run("press-2");
        await a.Node.ExamineAsync(b.Address, CancellationToken.None);
        var voucher = Evidence.Decode(a.Device.Proofs.VoucherFor(a.Device.Sessions.Current));
        Assert.Equal(a.Device.Sessions.Current.Thumbprint, Claims.Decode(voucher.ClaimsBytes).SessionKeyThumbprint.ToArray());
        Assert.True(AttestationKey.FromSubjectPublicKeyInfo(a.Device.Root.RootPublic).Verify(CoseSign1.Decode(voucher.Token!.Value)));
    }

    public void Dispose()
    {
        devices.ForEach(device => device.Dispose());
        mesh.Dispose();
    }

    private RunningPeer Run(string name) => new(Device(name));

    private RunningPeer Run(MeshDevice device)
    {
        devices.Add(device);
        return new(device);
    }

    private MeshDevice Device(string name)
    {
        var device = new MeshDevice(mesh, name);
        devices.Add(device);
        return device;
    }
}
