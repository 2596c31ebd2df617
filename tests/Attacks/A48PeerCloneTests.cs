using TrustMesh.Agent.Peers;
using TrustMesh.Roots.Software;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A48: two machines with one identity, as a peer sees them.</summary>
public sealed class A48PeerCloneTests : IDisposable
{
    private readonly PeerMesh mesh = new();
    private readonly Folder folder = new();
    private readonly List<IDisposable> owned = [];

    [Fact]
    public async Task A48_A_session_key_that_comes_back_after_another_took_its_place_is_an_alarm()
    {
        var first = Owned(new MeshDevice(mesh, "press-1", Copy("one"), ownsRoot: true));
        var second = Owned(new MeshDevice(mesh, "press-1", Copy("two"), enrol: false, ownsRoot: true));
        Assert.Equal(first.Id, second.Id);
        await using var judge = new RunningPeer(Owned(new MeshDevice(mesh, "press-2")));
        var alarms = new List<(KnownPeer Peer, Finding Finding)>();
        judge.Node.Alarmed += (peer, finding) => alarms.Add((peer, finding));
        await using var one = new RunningPeer(first, listens: false);
        await using var two = new RunningPeer(second, listens: false);

        await one.Node.ExamineAsync(judge.Address, CancellationToken.None);
        // Another key is what a restart looks like: nobody can say more yet.
        await two.Node.ExamineAsync(judge.Address, CancellationToken.None);
        Assert.Empty(alarms);
        await one.Node.ExamineAsync(judge.Device.Id, CancellationToken.None);

        var (peer, finding) = Assert.Single(alarms);
        Assert.Equal((first.Id, "session.superseded", Outcome.Fail), (peer.Device, finding.Check, finding.Outcome));
        Assert.Equal(TrustTier.None, judge.Device.Book.Find(first.Id)!.Status);
        Assert.True(judge.Says("ALARM: press-1"));
        Assert.Contains(judge.Record.Verdicts.Last().Because, found => found.Check == "session.superseded");
        // And so it goes on for as long as both go on.
        await one.Node.ExamineAsync(judge.Device.Id, CancellationToken.None);
        Assert.Equal(2, alarms.Count);
    }

    /// <summary>The same TPM state, run on after it was copied and started from the copy: resetCount goes back.</summary>
    [Fact]
    public async Task A48_A_TPM_state_that_was_put_back_from_a_copy_is_an_alarm_and_says_nothing_about_the_device()
    {
        using var tpm = Swtpm.Start();
        using (var before = MeshDevice.OnTpm(mesh, "press-1", tpm))
        {
        }
        using var copy = tpm.Copy();
        tpm.Restart();
        await using var judge = new RunningPeer(Owned(new MeshDevice(mesh, "press-2")));
        using (var original = new MeshDevice(mesh, "press-1", TrustMesh.Roots.Tpm.TpmRoot.Open(tpm.Settings(), TimeProvider.System), enrol: false, ownsRoot: true))
        await using (var one = new RunningPeer(original, listens: false))
        {
            Assert.Equal(TrustTier.Warning, (await one.Node.ExamineAsync(judge.Address, CancellationToken.None)).Status);
            await judge.HoldsAsync(one, TrustTier.Warning, "clock.safe");
        }
        var alarms = new List<Finding>();
        judge.Node.Alarmed += (_, finding) => alarms.Add(finding);
        using var clone = new MeshDevice(mesh, "press-1", TrustMesh.Roots.Tpm.TpmRoot.Open(copy.Settings(), TimeProvider.System), enrol: false, ownsRoot: true);
        await using var other = new RunningPeer(clone, listens: false);
        await Assert.ThrowsAsync<PeerException>(() => other.Node.ExamineAsync(judge.Address, CancellationToken.None));
        await judge.HoldsAsync(other, TrustTier.None, "counter.reset");
        Assert.Equal("counter.reset", Assert.Single(alarms).Check);
        Assert.True(judge.Says("ALARM: press-1"));
    }

    /// <summary>Both call each other again and again at the same time: what was signed first may arrive last, and that is no clone.</summary>
    [Fact]
    public async Task A48_Handshakes_that_overlap_raise_no_alarm()
    {
        using var tpm = Swtpm.Start();
        var limits = PeerLimits.Default with { DeviceRate = 1000, SourceRate = 1000 };
        await using var a = new RunningPeer(Owned(MeshDevice.OnTpm(mesh, "press-1", tpm)), limits);
        await using var b = new RunningPeer(Owned(new MeshDevice(mesh, "press-2")), limits);
        await a.Node.ExamineAsync(b.Address, CancellationToken.None);
        await b.Node.ExamineAsync(a.Address, CancellationToken.None);
        var rounds = Enumerable.Range(0, 12).SelectMany(_ => new[] { a.Node.ExamineAsync(b.Device.Id, CancellationToken.None), b.Node.ExamineAsync(a.Device.Id, CancellationToken.None) });
        var held = await Task.WhenAll(rounds);
        Assert.All(held, peer => Assert.True(peer.IsAccepted(DateTimeOffset.UtcNow), string.Join("; ", peer.Because)));
        Assert.False(a.Says("ALARM") || b.Says("ALARM"));
        Assert.All(b.Record.Verdicts, verdict => Assert.Equal(TrustTier.Affirming, verdict.Status));
    }

    public void Dispose()
    {
        owned.Reverse();
        owned.ForEach(one => one.Dispose());
        mesh.Dispose();
        folder.Dispose();
    }

    /// <summary>A root with the one key all copies have, and its first start behind it.</summary>
    private SoftwareRoot Copy(string name)
    {
        var key = folder["identity.key"];
        if (!File.Exists(key))
        {
            using var original = SoftwareRoot.Open(Settings("original"));
            File.Copy(Path.Combine(folder["original"], SoftwareRoot.KeyFileName), key);
        }
        Directory.CreateDirectory(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(key, Path.Combine(folder[name], SoftwareRoot.KeyFileName));
        return SoftwareRoot.Open(Settings(name));
    }

    private TrustMesh.Roots.RootSettings Settings(string name) => new("software", "", "auto", 13, folder[name]);

    private T Owned<T>(T one) where T : IDisposable
    {
        owned.Add(one);
        return one;
    }
}
