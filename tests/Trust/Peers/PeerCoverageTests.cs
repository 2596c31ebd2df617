using TrustMesh.Trust.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Peers;

/// <summary>Who is vouched for by enough others.</summary>
public sealed class PeerCoverageTests
{
    /// <summary>Longer than one count is kept, shorter than a verdict lasts.</summary>
    private static readonly TimeSpan s_anew = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_device_is_covered_while_as_many_as_the_quorum_pass_it()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var devices = await JoinAsync(bench, 4);
        var coverage = new PeerCoverage(bench.Devices, bench.Desk, bench.Policies, bench.Time);
        Assert.Equal(new(4, 0, 2, 2), coverage.Now());
        await bench.TakeAsync(devices[0], bench.Word(devices[0], devices[3], 1));
        bench.Time.Advance(s_anew);
        Assert.Equal(0, coverage.Now().Covered);
        // The same one twice is one.
        await bench.TakeAsync(devices[0], bench.Word(devices[0], devices[3], 2));
        bench.Time.Advance(s_anew);
        Assert.Equal(0, coverage.Now().Covered);
        await bench.TakeAsync(devices[1], bench.Word(devices[1], devices[3], 1, TrustTier.Warning));
        Assert.Equal(0, coverage.Now().Covered);
        bench.Time.Advance(s_anew);
        Assert.Equal(new(4, 1, 2, 2), coverage.Now());
        // A bad word is no vouching.
        await bench.TakeAsync(devices[1], bench.Word(devices[1], devices[3], 2, TrustTier.Contraindicated));
        bench.Time.Advance(s_anew);
        Assert.Equal(0, coverage.Now().Covered);
    }

    [Fact]
    public async Task A22_A36_Words_that_ran_out_and_words_of_who_is_not_in_vouch_for_nobody()
    {
        await using var bench = await PeerBench.OpenAsync(quorum: 2);
        var devices = await JoinAsync(bench, 4);
        var coverage = new PeerCoverage(bench.Devices, bench.Desk, bench.Policies, bench.Time);
        foreach (var issuer in devices[..2]) await bench.TakeAsync(issuer, bench.Word(issuer, devices[3], 1));
        Assert.Equal(1, coverage.Now().Covered);
        await bench.DecideAsync(devices[0], Standing.Suspended);
        bench.Time.Advance(s_anew);
        Assert.Equal(new(3, 0, 2, 2), coverage.Now());
        await bench.DecideAsync(devices[0], Standing.Active, resume: true);
        bench.Time.Advance(s_anew);
        Assert.Equal(1, coverage.Now().Covered);
        bench.Time.Advance(TimeSpan.FromSeconds(600));
        Assert.Equal(new(4, 0, 2, 2), coverage.Now());
    }

    [Theory]
    [InlineData(3, 4, 100, 3)]
    [InlineData(0, 4, 100, 2)]
    [InlineData(3, 2, 100, 2)]
    [InlineData(3, 4, 3, 2)]
    [InlineData(3, 4, 2, 1)]
    [InlineData(3, 4, 1, 0)]
    [InlineData(0, 4, 0, 0)]
    public void No_more_examiners_are_asked_for_than_a_device_of_the_mesh_can_have(int quorum, int peers, int active, int needed)
        => Assert.Equal(needed, PeerCoverage.Needed(quorum, peers, active));

    private static async Task<DeviceId[]> JoinAsync(PeerBench bench, int count)
    {
        var devices = new DeviceId[count];
        for (var i = 0; i < count; i++) devices[i] = await bench.JoinAsync($"press-{i}");
        return devices;
    }
}
