using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Tests.Contracts;

/// <summary>What grants come to, in words; it has to be what the silo enforces.</summary>
public sealed class EffectiveRightsTests
{
    private static readonly string[] s_roles = ["viewer", "operator", "approver", "admin"], s_sites = ["oslo", "bergen", "turku"];

    private static readonly RightsHolder s_anna = new("anna", RightsHolder.Person, [new("operator"), new("approver", ["oslo", "bergen"])]);

    [Fact]
    public void A37_It_says_of_any_grants_what_the_silo_lets_them_do()
    {
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var grants = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new Grant(s_roles[random.Next(4)], random.Next(2) == 0 ? null : [.. s_sites.Where(_ => random.Next(2) == 0).DefaultIfEmpty("oslo")])).ToList();
            var enforced = OperatorRights.Parse(grants, out _)!;
            // As somebody asked for them, and as the silo keeps and tells them.
            foreach (var told in (IReadOnlyList<Grant>[])[grants, enforced.View()])
            {
                var holder = new RightsHolder("x", RightsHolder.Person, told);
                Assert.Equal(OperatorRights.Word(enforced.Everywhere), EffectiveRights.Of(holder, null).Role);
                foreach (var site in s_sites) Assert.Equal(OperatorRights.Word(enforced.At(site)), EffectiveRights.Of(holder, site).Role);
            }
        }
    }

    [Fact]
    public void Of_one_it_is_everywhere_and_at_a_site_everybody()
    {
        Assert.Equal(
            ["(mesh) operator: operator of the whole mesh", "bergen approver: approver at oslo, bergen", "oslo approver: approver at oslo, bergen", "turku operator: operator of the whole mesh"],
            Text(EffectiveRights.Of([s_anna, new("bert", RightsHolder.Token, [new("admin", ["turku"])])], ["turku", "oslo"], "anna", null)));
        Assert.Equal(
            ["turku operator: operator of the whole mesh", "turku admin: admin at turku"],
            Text(EffectiveRights.Of([s_anna, new("bert", RightsHolder.Token, [new("admin", ["turku"])])], ["turku"], null, "turku")));
        Assert.Equal(["(mesh) operator: operator of the whole mesh"], Text(EffectiveRights.Of([s_anna], ["turku"], null, null)));
        Assert.Empty(EffectiveRights.Of([s_anna], ["turku"], "nobody", null));
        var elsewhere = EffectiveRights.Of(new RightsHolder("bert", RightsHolder.Token, [new("operator", ["turku"])]), "oslo");
        Assert.Equal(("viewer", "look", "everybody who may sign in may look"), (elsewhere.Role, elsewhere.May, elsewhere.Because));
        // A role of a later version is none we promise anything of.
        Assert.Equal("viewer", EffectiveRights.Of(new RightsHolder("x", RightsHolder.Person, [new("emperor")]), null).Role);
        Assert.EndsWith("; nothing that is for people alone", EffectiveRights.Of(new RightsHolder("x", RightsHolder.Token, [new("admin")]), null).May, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_do_nothing_now_is_told_with_why_and_what_has_ended_is_left_out()
    {
        var now = DateTimeOffset.UnixEpoch;
        var holders = RightsHolder.All(
            [new("zoe", [new("admin")], false, now, "x", 0, 0), new("ann", [new("operator")], true, now, "x", 0, 0)],
            [
                new("job", ApiTokenView.Stopped, [new("viewer")], now, "ann", now), new("old", ApiTokenView.Expired, [new("admin")], now, "ann", now), new("gone", ApiTokenView.Revoked, [new("admin")], now, "ann", now),
                new("bad", ApiTokenView.Unreadable, [], null, null, null),
            ],
            [new("ops", [new("operator", ["oslo"])])]);
        Assert.Equal(["person ann disabled", "person zoe ", "token job stopped: ann, who made it, is disabled", "group ops "], holders.Select(one => $"{one.Kind} {one.Who} {one.Stopped}"));
        Assert.Equal("disabled", EffectiveRights.Of(holders[0], "oslo").Stopped);
    }

    private static IEnumerable<string> Text(IEnumerable<RightsLine> lines) => lines.Select(line => $"{line.Site ?? "(mesh)"} {line.Role}: {line.Because}");
}
