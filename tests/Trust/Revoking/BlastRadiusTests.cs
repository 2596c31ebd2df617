using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Revoking;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Revoking;

public class BlastRadiusTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);

    [Fact]
    public void Each_device_is_told_once_as_the_worst_of_what_happens_to_it()
    {
        // a and b go. c had only a, d had a and c, e had a, c and d; f had c, d and e and loses nobody.
        var blast = Of("a b", 3, "c<a", "d<ac", "e<acd", "f<cde", "a<bcd");
        Assert.Equal(["c alone 1>0", "d below-promise 2>1", "e below-quorum 3>2"], blast.Hits.Select(hit => $"{hit.Name} {hit.Loss} {hit.Examiners}>{hit.Left}"));
        Assert.Equal([Id("a").Text], blast.Hits[0].By);
        var site = Assert.Single(blast.Sites);
        Assert.Equal((6, 4, 1, 1), (site.Active, site.Left, site.Falls, site.Stays));
    }

    [Fact]
    public void Who_had_nobody_and_who_has_enough_left_is_not_hit()
    {
        var blast = Of("a", 3, "c<", "d<abce", "e<b");
        Assert.Empty(blast.Hits);
        Assert.Equal(0, Assert.Single(blast.Sites).Falls);
    }

    [Fact]
    public void Without_a_quorum_no_site_falls_below_one()
    {
        var blast = Of("a", 0, "c<a", "e<acd");
        Assert.Equal(["c alone"], blast.Hits.Select(hit => $"{hit.Name} {hit.Loss}"));
        Assert.Equal(0, Assert.Single(blast.Sites).Falls);
    }

    [Fact]
    public void A_quorum_that_the_rings_give_again_is_told_apart_from_one_that_is_gone()
    {
        var blast = BlastRadius.Of(
            [Entry("a"), Entry("c"), Entry("d"), Entry("x", "bergen")], Ids("a"), device => device == Id("c") || device == Id("d") ? [Id("a"), Id("b"), Id("x")] : [],
            new Dictionary<DeviceId, int> { [Id("c")] = 3, [Id("d")] = 2 }, 3, Now);
        // Bergen loses nobody and has no device that does: it is not named.
        var site = Assert.Single(blast.Sites);
        Assert.Equal(("oslo", 2, 1), (site.Site, site.Falls, site.Stays));
        Assert.Equal([3, 2], blast.Hits.OrderBy(hit => hit.Name).Select(hit => hit.Assigned!.Value));
    }

    [Fact]
    public void Rings_of_a_known_seed_say_who_is_left_to_examine_whom()
    {
        // Five devices, k = 2: one ring, each examined by the two before it. Taking out two neighbours leaves three, who examine each other.
        var seed = Enumerable.Repeat((byte)7, 32).ToArray();
        var names = new[] { "a", "b", "c", "d", "e" };
        var rings = new PeerRings(seed, 2, names.Select(name => (Id(name), "oslo")));
        IReadOnlyCollection<DeviceId> Before(DeviceId device) => [.. names.Select(Id).Where(one => rings.PeersOf(one).Contains(device))];
        var victim = Id("c");
        var gone = Before(victim).ToHashSet();
        Assert.Equal(2, gone.Count);
        var left = names.Select(Id).Where(one => !gone.Contains(one)).ToList();
        var after = new PeerRings(seed, 2, left.Select(one => (one, "oslo")));
        var assigned = left.ToDictionary(one => one, one => left.Count(other => after.PeersOf(other).Contains(one)));
        var blast = BlastRadius.Of(names.Select(name => Entry(name)), gone, Before, assigned, 3, Now);
        var hit = Assert.Single(blast.Hits, hit => hit.Loss == "alone");
        Assert.Equal((victim.Text, 2, 0, 2), (hit.Id, hit.Examiners, hit.Left, hit.Assigned));
        // On a ring of five the neighbours of those two lose one each.
        Assert.All(blast.Hits.Where(other => other != hit), other => Assert.Equal(("below-promise", 1), (other.Loss, other.Left)));
    }

    [Fact]
    public void A_digest_is_of_the_devices_whatever_their_order_and_a_mark_is_of_what_was_decided()
    {
        var (one, other) = (Entry("a"), Entry("b"));
        string Digest(params DeviceEntry[] entries) => PlanMarks.Digest(entries.Select(entry => new TrustMesh.Contracts.PlanTarget(entry.Device.Text, PlanMarks.Of(entry))));
        Assert.Equal(Digest(one, other), Digest(other, one));
        Assert.Equal(Digest(one), Digest(one with { Version = 99, ProvenAt = Now, Status = TrustTier.Contraindicated }));
        foreach (var changed in new[] { one with { Standing = Standing.Suspended }, one with { Name = "z" }, one with { Site = "bergen" }, one with { EnrolledAt = Now.AddSeconds(1) } })
            Assert.NotEqual(Digest(one), Digest(changed));
    }

    /// <param name="examined">Device, &lt;, and the letters of those whose word on it counts.</param>
    private static BlastRadius Of(string gone, int quorum, params string[] examined)
    {
        var by = examined.ToDictionary(line => Id(line[..1]), line => (IReadOnlyCollection<DeviceId>)[.. line[2..].Select(letter => Id(letter.ToString()))]);
        return BlastRadius.Of("abcdef".Select(letter => Entry(letter.ToString())), Ids(gone.Split(' ')), device => by.GetValueOrDefault(device) ?? [], new Dictionary<DeviceId, int>(), quorum, Now);
    }

    private static HashSet<DeviceId> Ids(params string[] names) => [.. names.Select(Id)];

    private static DeviceId Id(string name) => DeviceId.FromRootKey(System.Text.Encoding.UTF8.GetBytes(name));

    private static DeviceEntry Entry(string name, string site = "oslo")
        => new(Id(name), name, site, "press", AssuranceTier.Software, Standing.Active, TrustTier.Affirming, null, null, DateTimeOffset.UnixEpoch, null, 1);
}
