using System.Text.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Where the graph puts devices: by the operator's choice alone, and never because another device changed.</summary>
public sealed class LayoutInNodeTests(LayoutReader node) : IClassFixture<LayoutReader>
{
    [Theory]
    [InlineData("ring")]
    [InlineData("grid")]
    [InlineData("tree")]
    [InlineData("force")]
    public async Task The_same_devices_and_edges_give_the_same_picture_in_whatever_order_they_are_told_and_however_they_look(string layout)
    {
        var (_, mesh) = Mesh(120, 4);
        var same = (await node.AskAsync("same", mesh, $"site=oslo&layout={layout}")).EnumerateArray().Select(Places).ToList();
        Assert.Equal(120, same[0].Count);
        Assert.Equal(same[0], same[1]);
        Assert.Equal(same[0], same[2]);
        Assert.Equal(120, same[0].Values.Distinct().Count());
    }

    [Theory]
    [InlineData("ring", 1)]
    [InlineData("grid", 1)]
    [InlineData("tree", 1)]
    [InlineData("force", 1)]
    [InlineData("grid", 90)]
    [InlineData("tree", 90)]
    [InlineData("force", 90)]
    public async Task Nobody_moves_when_others_change_go_come_or_come_back_and_who_comes_gets_a_place_of_its_own(string layout, int coming)
    {
        var (fleet, mesh) = Mesh(60, 4, coming);
        var rest = await node.AskAsync("rest", mesh, $"site=oslo&layout={layout}");
        var (before, after, again) = (Places(rest.GetProperty("before")), Places(rest.GetProperty("after")), Places(rest.GetProperty("again")));
        Assert.Equal((60, 60 + coming, 60 + coming), (before.Count, after.Count, again.Count));
        foreach (var (id, place) in before)
            Assert.Equal(place, after[id]);
        Assert.Equal(after.Count, after.Values.Distinct().Count());
        var (x, y) = (rest.GetProperty("box").GetProperty("x"), rest.GetProperty("box").GetProperty("y"));
        Assert.All(after.Values, place => Assert.True(place.X >= x[0].GetDouble() && place.X <= x[1].GetDouble() && place.Y >= y[0].GetDouble() && place.Y <= y[1].GetDouble(), $"{place} is out of the picture"));
        if (layout == "grid")
        {
            // Laid out again it is by name, line by line.
            var names = again.OrderByDescending(one => Math.Round(one.Value.Y, 6)).ThenBy(one => one.Value.X).Select(one => fleet.Devices[one.Key].Name);
            Assert.Equal(fleet.Devices.Values.Select(device => device.Name).Order(StringComparer.Ordinal), names);
        }
    }

    [Fact]
    public async Task In_a_tree_everybody_is_below_one_of_their_examiners_and_it_says_how_far()
    {
        var fleet = new FakeFleet();
        var (a, b, c, d, alone) = (fleet.Add("alfa", "oslo", "press"), fleet.Add("bravo", "oslo", "press"), fleet.Add("charlie", "oslo", "press"), fleet.Add("delta", "oslo", "press"), fleet.Add("alone", "oslo", "press"));
        var far = fleet.Add("far", "turku", "press");
        fleet.Judge(a, b);
        fleet.Judge(a, c);
        fleet.Judge(c, b);
        fleet.Judge(b, d);
        fleet.Judge(d, b);
        fleet.Judge(far, a);

        // Three others at the site examined bravo, and bravo examined delta alone.
        var tree = await node.AskAsync("tree", Json(fleet), "site=oslo&layout=tree");
        Assert.Equal((b.Id, "as a tree below bravo"), (tree.GetProperty("root").GetString(), tree.GetProperty("words").GetString()));
        Assert.Equal(["1 step", "no way found, or came later"], tree.GetProperty("steps").EnumerateArray().Select(step => step.GetString()));

        tree = await node.AskAsync("tree", Json(fleet), $"site=oslo&layout=tree&root={a.Id}");
        var places = Places(tree.GetProperty("places"));
        Assert.True(places[a.Id].Y > places[b.Id].Y && places[b.Id].Y == places[c.Id].Y && places[b.Id].Y > places[d.Id].Y && places[d.Id].Y > places[alone.Id].Y);
        var said = tree.GetProperty("said");
        Assert.Equal(
            (", top of the tree", ", 1 step down the tree", ", 2 steps down the tree", ", no way from the top of the tree"),
            (said.GetProperty(a.Id).GetString(), said.GetProperty(c.Id).GetString(), said.GetProperty(d.Id).GetString(), said.GetProperty(alone.Id).GetString()));

        // Somebody who is not there is no top.
        tree = await node.AskAsync("tree", Json(fleet), $"site=oslo&layout=tree&root={far.Id}");
        Assert.Equal(b.Id, tree.GetProperty("root").GetString());
    }

    [Fact]
    public async Task Forces_bring_together_who_examine_each_other()
    {
        var fleet = new FakeFleet();
        for (var i = 0; i < 40; i++) fleet.Add($"press-{i}", "oslo", "press");
        var halls = fleet.Devices.Values.Chunk(10).ToList();
        foreach (var hall in halls)
            foreach (var one in hall)
                foreach (var other in hall)
                    if (one != other) fleet.Judge(one, other);
        var places = Places((await node.AskAsync("same", Json(fleet), "site=oslo&layout=force"))[0]);
        double Mean(bool together) => halls.SelectMany(hall => hall).SelectMany(_ => halls.SelectMany(hall => hall), (one, other) => (one, other))
            .Where(pair => pair.one != pair.other && halls.Any(hall => hall.Contains(pair.one) && hall.Contains(pair.other)) == together)
            .Average(pair => Math.Sqrt(Math.Pow(places[pair.one.Id].X - places[pair.other.Id].X, 2) + Math.Pow(places[pair.one.Id].Y - places[pair.other.Id].Y, 2)));
        Assert.True(Mean(true) * 2 < Mean(false), $"{Mean(true)} and {Mean(false)}");
    }

    [Fact]
    public async Task A_pin_is_of_the_ring_and_rests_where_a_place_says_something()
    {
        var pins = (await node.AskAsync("pins", Mesh(20, 2).Bytes)).EnumerateArray().Select(one => (one.GetProperty("pinned").GetBoolean(), one.GetProperty("takes").GetBoolean(), one.GetProperty("there").GetBoolean()));
        Assert.Equal([(true, true, true), (false, false, false), (true, true, true)], pins);
    }

    [Fact]
    public async Task A44_an_address_says_layout_and_grouping_and_nothing_that_is_neither()
    {
        var addresses = (await node.AskAsync("addresses", "{}"u8.ToArray(),
            "site=oslo&layout=grid", "site=oslo&layout=tree&root=abc234", "site=oslo&layout=ring", "site=oslo&layout=<script>&root=%3E", "site=oslo&layout=grid&root=abc234", "layout=tree&root=abc234",
            "group=model", "level=fleet&group=tier", "group=status", "group=constructor", "level=all&group=model")).EnumerateArray().Select(one => one.GetString());
        Assert.Equal(["site=oslo&layout=grid", "site=oslo&layout=tree&root=abc234", "site=oslo", "site=oslo", "site=oslo&layout=grid", "", "group=model", "level=fleet&group=tier", "", "", "level=all"], addresses);
    }

    [Fact]
    public async Task Models_and_tiers_are_grouped_as_sites_are_and_no_chart_moves_when_a_device_becomes_another()
    {
        var fleet = FakeFleet.Of(40, 3, calm: 1);
        var camera = fleet.Devices.Values.Last(device => device.Model == "camera");
        fleet.Devices[camera.Id] = FakeFleet.Redraw(camera with { Status = "contraindicated" });
        var groups = await node.AskAsync("groups", Json(fleet), "group=model");
        var (before, after, again) = (groups.GetProperty("before"), groups.GetProperty("after"), groups.GetProperty("again"));
        Assert.Equal("fleet", before.GetProperty("level").GetString());
        Assert.Equal([("camera", 10, 1), ("gateway", 10, 0), ("press", 10, 0), ("robot-arm", 10, 0)], Ranked(before));
        Assert.Contains(before.GetProperty("links").EnumerateArray(), link => link.GetProperty("from").GetString() == "camera" && link.GetProperty("to").GetString() == "gateway" && link.GetProperty("count").GetInt32() > 0);
        Assert.DoesNotContain(before.GetProperty("links").EnumerateArray(), link => link.GetProperty("from").GetString() == link.GetProperty("to").GetString());

        Assert.Equal([("a new model", 1, 1), ("camera", 10, 1), ("gateway", 10, 0), ("press", 9, 0), ("robot-arm", 10, 0)], Ranked(after).OrderBy(one => one.Name, StringComparer.Ordinal));
        foreach (var chart in before.GetProperty("at").EnumerateObject())
            Assert.Equal(chart.Value.ToString(), after.GetProperty("at").GetProperty(chart.Name).ToString());
        Assert.Equal(after.GetProperty("at").ToString(), again.GetProperty("at").ToString());

        groups = await node.AskAsync("groups", Json(fleet), "group=tier");
        Assert.Equal(["TPM quote", "Hardware key", "Software"], Ranked(groups.GetProperty("before")).OrderByDescending(one => one.Devices).ThenBy(one => one.Name, StringComparer.Ordinal).Select(one => one.Name));
    }

    private static List<(string Name, int Devices, int Failed)> Ranked(JsonElement told) =>
        [.. told.GetProperty("ranked").EnumerateArray().Select(one => (one.GetProperty("name").GetString()!, one.GetProperty("devices").GetInt32(), one.GetProperty("failed").GetInt32()))];

    private static Dictionary<string, (double X, double Y)> Places(JsonElement places) =>
        places.EnumerateObject().ToDictionary(one => one.Name, one => (one.Value.GetProperty("x").GetDouble(), one.Value.GetProperty("y").GetDouble()));

    /// <summary>A site whose devices examine some of each other; those called late come later.</summary>
    private static (FakeFleet Fleet, ReadOnlyMemory<byte> Bytes) Mesh(int devices, int peers, int coming = 0)
    {
        var fleet = new FakeFleet();
        for (var i = 0; i < devices + coming; i++) fleet.Add(i < devices ? $"press-{i:000}" : $"late-{i:000}", "oslo", "press");
        var all = fleet.Devices.Values.ToList();
        var random = new Random(5);
        foreach (var one in all)
            for (var i = 0; i < peers; i++)
                if (all[random.Next(all.Count)] is var other && other != one) fleet.Judge(one, other);
        return (fleet, Json(fleet));
    }

    private static ReadOnlyMemory<byte> Json(FakeFleet fleet) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        devices = fleet.Devices.Values.Select(FakeFleet.Node).Select(one => new { id = one.Id, name = one.Name, kind = one.Kind, site = one.Site, model = one.Model, tier = one.Tier, look = one.Look }),
        edges = fleet.Edges.Values.Select(one => new { from = one.From, to = one.To }),
    });
}
