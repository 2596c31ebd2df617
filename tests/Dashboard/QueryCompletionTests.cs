using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

public sealed class QueryCompletionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);

    private static readonly GraphNode[] Devices =
    [
        Device("a", "press-1", "oslo", Looks.Trusted, "trustmesh-agent 0.1.0", "lab"), Device("b", "press-2", "oslo", Looks.Stale, "trustmesh-agent 0.2.0", "lab", "prod"),
        Device("c", "camera-1", "north hall", Looks.Stale, null), Device("d", "say \"hi\"*", "osterøy", Looks.Trusted, "trustmesh-agent 0.2.0"),
    ];

    /// <summary>The bar is the caret; what comes is insert and count, and the text it makes of the first.</summary>
    [Theory]
    [InlineData("sta|", "status:,standing:,status:stale 2", "status:")]
    [InlineData("-sta|", "status:,standing:,status:stale 2", "-status:")]
    [InlineData("site:os|", "oslo 2,osterøy 1", "site:oslo")]
    [InlineData("status:stale site:|", "\"north hall\" 1,oslo 1", "status:stale site:\"north hall\"")]
    [InlineData("site:| status:stale", "\"north hall\" 1,oslo 1", "site:\"north hall\" status:stale")]
    [InlineData("site:oslo,\"nor|", "\"north hall\" 1", "site:oslo,\"north hall\"")]
    [InlineData("site:o|slo", "oslo 2,osterøy 1", "site:oslo")]
    [InlineData("status:tr|", "trusted 2,contraindicated 0", "status:trusted")]
    [InlineData("age>10|", "10m 3", "age>10m")]
    [InlineData("age:|", "none 1", "age:none")]
    [InlineData("agent:|", "0.2.0 2,0.1.0 1,none 1", "agent:0.2.0")]
    [InlineData("name:say|", "\"say \" 1", "name:\"say \"")]
    [InlineData("osl|", "site:oslo 2", "site:oslo")]
    [InlineData("tag:|", "lab 2,none 2,prod 1", "tag:lab")]
    [InlineData("-tag:lab,|", "lab 2,none 2,prod 1", "-tag:lab,lab")]
    [InlineData("status:stale tag:p|", "prod 1", "status:stale tag:prod")]
    [InlineData("prod|", "tag:prod 1", "tag:prod")]
    [InlineData("made-up:|", "", "made-up:")]
    public void Offers_what_devices_have_together_with_the_rest(string typed, string offered, string becomes)
    {
        var caret = typed.IndexOf('|', StringComparison.Ordinal);
        var text = typed.Remove(caret, 1);
        var list = QueryCompletion.Of(text, caret, Devices, Now);
        Assert.Equal(offered, string.Join(',', list.Items.Select(item => item.Count is { } count ? $"{item.Insert} {count}" : item.Insert)));
        Assert.Equal(becomes, list.Items.Count == 0 ? text : text[..list.From] + list.Items[0].Insert + text[list.To..]);
    }

    [Fact]
    public void What_is_offered_is_always_a_query()
    {
        foreach (var field in QueryFields.All)
            foreach (var sign in field.IsOrdered ? new[] { ":", ">", "<=" } : [":", "!="])
                foreach (var item in QueryCompletion.Of($"{field.Name}{sign}", field.Name.Length + sign.Length, Devices, Now).Items)
                    Assert.True(FleetQuery.TryParse($"{field.Name}{sign}{item.Insert}", out _, out var problem) || sign is not ":" && item.Insert == "none", $"{field.Name}{sign}{item.Insert}: {problem}");
    }

    [Theory]
    [InlineData("", "stale", "status:stale")]
    [InlineData("site:oslo", "stale", "site:oslo status:stale")]
    [InlineData("status:stale site:oslo", "trusted", "status:stale,trusted site:oslo")]
    [InlineData("status:stale,trusted site:oslo", "stale", "status:trusted site:oslo")]
    [InlineData("press status:stale", "stale", "press")]
    [InlineData("-status:stale", "stale", "-status:stale status:stale")]
    [InlineData("look:failed", "contraindicated", "")]
    public void A_chip_changes_its_term_and_leaves_the_rest(string text, string look, string becomes)
    {
        Assert.True(FleetQuery.TryParse(text, out var query, out _));
        Assert.Equal(becomes, QueryEdit.Toggle(query, "status", look));
    }

    [Fact]
    public void A_set_of_matches_names_the_smaller_side_and_then_only_changes()
    {
        var set = new MatchSet();
        var stale = DeviceQuery.Parse("-status:pending", null, null, null);
        Assert.Equal((true, 0), (set.Begin(stale, Devices, Now).Others, set.Begin(stale, Devices, Now).Ids.Count));
        Assert.Equal(4, set.Count);
        var (came, went) = set.Next(stale, [.. Devices[1..], Devices[0] with { Look = Looks.Pending, Standing = "pending" }, Device("e", "new", "oslo", Looks.Trusted, null)], Now);
        Assert.Equal(("e", "a"), (Assert.Single(came), Assert.Single(went)));
    }

    private static GraphNode Device(string id, string name, string site, string look, string? agent, params string[] tags) => new(
        id, name, "device", site, "press", "tpm-quote", "active", "affirming", true, look, agent is null ? null : Now.AddHours(-1), null, Agent: agent, Tags: tags.Length == 0 ? null : tags);
}
