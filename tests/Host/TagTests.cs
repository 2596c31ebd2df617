using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

/// <summary>Tags of devices over the API: who may, what is kept, who finds them.</summary>
public class TagTests
{
    [Fact]
    public async Task Tags_are_found_by_the_one_language_survive_a_restart_and_are_in_timeline_log_and_graph()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var press = await silo.JoinAsync("press-1");
        using var camera = await silo.JoinAsync("camera-1");
        using var olga = await silo.SignInAsync("operator", "lab");
        var before = (await silo.GetAsync<GraphSnapshot>("graph")).Sequence;
        var tagged = await TagAsync(olga, "press-1", new(["prod", "line-3"], null, "moved to hall 3"));
        Assert.Equal(["line-3", "prod"], tagged.Tags!);
        await TagAsync(olga, "press-1", new(["lab"], ["prod"]));
        // A proof changes nothing about them.
        await press.ProveAsync();
        await silo.RestartAsync();
        var detail = await silo.GetAsync<DeviceDetail>("devices/press-1");
        Assert.Equal(["lab", "line-3"], detail.Device.Tags!);
        Assert.Null((await silo.GetAsync<DeviceDetail>("devices/camera-1")).Device.Tags);
        Assert.Contains(detail.Timeline, line => line is { Kind: "operator", Actor: "some-operator-lab", Text: "tags: was none, is line-3, prod; moved to hall 3" });
        Assert.Contains(await QueueTests.LogAsync(silo), line => line is { Name: "press-1", Actor: "some-operator-lab", Text: "tags: was line-3, prod, is lab, line-3" });
        var graph = await silo.GetAsync<GraphSnapshot>("graph");
        Assert.Equal(["lab", "line-3"], graph.Nodes.Single(node => node.Name == "press-1").Tags!);
        Assert.NotEqual(before, graph.Sequence);
        Assert.Equal(["press-1"], await NamesAsync(silo, "tag:lab"));
        Assert.Equal(["camera-1"], await NamesAsync(silo, "-tag:lab"));
        Assert.Equal(["camera-1"], await NamesAsync(silo, "tag:none site:lab"));
        Assert.Equal(["camera-1", "press-1"], await NamesAsync(silo, "-tag:prod"));
        // Nothing of the past looks different for it.
        var history = await silo.GetAsync<HistoryView>("history");
        Assert.DoesNotContain(history.Changes, change => change.Kind == "operator");
        // Its tags then are told all the same: those of before, and each change of them.
        Assert.All(history.Devices, device => Assert.Null(device.Tags));
        Assert.Equal([(press.Id.Text, "line-3,prod"), (press.Id.Text, "lab,line-3")], history.Tags!.Select(one => (one.Device, string.Join(',', one.Tags))));
        var then = await silo.GetAsync<HistoryView>($"history?from={history.Tags![1].At.UtcDateTime:O}");
        Assert.Equal(["lab", "line-3"], then.Devices.Single(device => device.Name == "press-1").Tags!);
        Assert.Null(then.Tags);
    }

    [Fact]
    public async Task A37_Tags_are_an_operators_at_the_devices_own_site()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var here = await silo.JoinAsync("press-1");
        using var viewer = await silo.SignInAsync("viewer");
        using var elsewhere = await silo.SignInAsync("admin", "bergen");
        foreach (var client in new[] { viewer, elsewhere })
        {
            using var refused = await client.PatchAsJsonAsync("devices/press-1/tags", new TagEdit(["lab"]));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("needs operator for site lab", (await refused.Content.ReadFromJsonAsync<Problem>())!.Detail);
        }
        // Of many, each by itself.
        Assert.Equal("forbidden", (await silo.ProblemAsync(viewer, "devices/tags", new BulkTags(["lab"], Query: "site:lab", DryRun: true))).Code);
        var outcome = Assert.Single((await ManyAsync(elsewhere, new(["lab"], Devices: [here.Id.Text]))).Devices);
        Assert.Equal(("forbidden", "This needs operator for site lab."), (outcome.Outcome, outcome.Why));
        Assert.Null((await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Tags);
    }

    [Fact]
    public async Task Many_are_tagged_by_a_query_after_a_dry_run_and_the_same_again_does_nothing()
    {
        await using var silo = await RunningSilo.StartAsync();
        foreach (var name in (string[])["press-1", "press-2", "camera-1"]) (await silo.JoinAsync(name)).Dispose();
        await TagAsync(silo.Operator, "press-2", new(["line-3"]));
        var tried = await ManyAsync(silo.Operator, new(["line-3"], Query: "name:press*", DryRun: true));
        Assert.Equal((1, "press-1 would, press-2 already"), (tried.Count, Text(tried)));
        Assert.Equal(["press-2"], await NamesAsync(silo, "tag:line-3"));
        var seen = await silo.ProblemAsync(silo.Operator, "devices/tags", new BulkTags(["line-3"], Query: "name:press*", Seen: 1));
        Assert.Equal(("conflict", "The query finds 2 devices now, and you saw 1; look again."), (seen.Code, seen.Detail));
        var done = await ManyAsync(silo.Operator, new(["line-3"], Query: "name:press*", Seen: 2, Reason: "hall 3"));
        Assert.Equal((1, "press-1 done, press-2 already"), (done.Count, Text(done)));
        Assert.Equal("press-1 already, press-2 already", Text(await ManyAsync(silo.Operator, new(["line-3"], Query: "name:press*", Seen: 2))));
        var log = await QueueTests.LogAsync(silo);
        Assert.Contains(log, line => line is { Name: "press-1", Actor: "admin", Text: "tags: was none, is line-3; hall 3" });
        Assert.Single(log, line => line is { Actor: "admin", Text: "tagged 1 of 2 devices +line-3, found by name:press*; hall 3" });
        Assert.Equal("press-1 done, press-2 done", Text(await ManyAsync(silo.Operator, new(null, ["line-3"], Query: "tag:line-3", Seen: 2))));
    }

    [Fact]
    public async Task Two_people_who_tag_at_once_undo_nothing_of_each_other()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => TagAsync(silo.Operator, "press-1", new([$"tag-{number:00}"]))));
        Assert.Equal(Enumerable.Range(0, 12).Select(number => $"tag-{number:00}"), (await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Tags!);
        // Who wants to be told sends the version that was seen.
        using var request = new HttpRequestMessage(HttpMethod.Patch, "devices/press-1/tags") { Content = JsonContent.Create(new TagEdit(["late"])) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var refused = await silo.Operator.SendAsync(request);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task A44_What_is_no_tag_is_refused_with_the_rule_and_nothing_is_done()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        var id = device.Id.Text;
        string[] hostile = ["<script>alert(1)</script>", "lab\nforged line", "la\u202eb", "Lab", "none", "", "-lab", "../etc", new string('a', 33), null!];
        foreach (var tag in hostile)
        {
            using var one = await silo.Operator.PatchAsJsonAsync("devices/press-1/tags", new TagEdit([tag]));
            Assert.Equal((HttpStatusCode.BadRequest, DeviceTags.Rule), (one.StatusCode, (await one.Content.ReadFromJsonAsync<Problem>())!.Detail));
            Assert.Equal(DeviceTags.Rule, (await silo.ProblemAsync(silo.Operator, "devices/tags", new BulkTags(null, [tag], [id]))).Detail);
            Assert.Equal(DeviceTags.Rule, (await silo.ProblemAsync(silo.Operator, "enroll/tokens", new JoinTokenRequest(1, 600, false, Tags: [tag]))).Detail);
        }
        foreach (var (wrong, says) in new (BulkTags, string)[]
        {
            (new(Devices: [id]), "Name a tag to add or to remove."),
            (new(["lab"], ["lab"], [id]), "lab cannot be both added and removed."),
            (new([.. Enumerable.Range(0, 17).Select(number => $"t{number}")], Devices: [id]), "at most 16"),
            (new(["lab"]), "Name either devices or a query."),
            (new(["lab"], Devices: [id], Query: "site:lab"), "Name either devices or a query."),
            (new(["lab"], Devices: []), "devices must be 1 to 1000."),
            (new(["lab"], Devices: ["press-1"]), "Each device needs its whole id."),
            (new(["lab"], Query: "sit:oslo", Seen: 1), "unknown field"),
            (new(["lab"], Query: " ", Seen: 1), "An empty query means every device"),
            (new(["lab"], Query: "site:lab"), "seen must say how many"),
            (new(["lab"], Devices: [id], Reason: "two\nlines"), "The reason must be one line"),
        })
        {
            var problem = await silo.ProblemAsync(silo.Operator, "devices/tags", wrong);
            Assert.True(problem.Code == "invalid" && problem.Detail!.Contains(says, StringComparison.Ordinal), $"{wrong}: {problem.Detail}");
        }
        Assert.Equal("too_large", (await silo.ProblemAsync(silo.Operator, "devices/tags", new BulkTags(["lab"], Query: new string('a', 100_000)))).Code);
        Assert.Null((await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Tags);
    }

    [Fact]
    public async Task A_device_joins_with_the_tags_of_its_token()
    {
        await using var silo = await RunningSilo.StartAsync();
        var token = await silo.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(1, 600, true, Tags: ["prod", "line-3"]));
        Assert.Equal(["line-3", "prod"], token.Tags!);
        using var device = new TestDevice("press-1");
        await device.ConnectAsync(silo.Devices);
        Assert.NotNull((await device.EnrolAsync(token.Token)).Result);
        Assert.Equal(["press-1"], await NamesAsync(silo, "tag:line-3 tag:prod"));
        Assert.Equal(["line-3", "prod"], (await silo.GetAsync<IReadOnlyList<JoinToken>>("enroll/tokens")).Single().Tags!);
    }

    private static async Task<DeviceSummary> TagAsync(HttpClient client, string device, TagEdit edit)
    {
        using var answer = await client.PatchAsJsonAsync($"devices/{device}/tags", edit);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<DeviceSummary>())!;
    }

    private static async Task<BulkAnswer> ManyAsync(HttpClient client, BulkTags change)
    {
        using var answer = await client.PostAsJsonAsync("devices/tags", change);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<BulkAnswer>())!;
    }

    private static string Text(BulkAnswer answer) => string.Join(", ", answer.Devices.Select(one => $"{one.Name} {one.Outcome}"));

    private static async Task<IEnumerable<string>> NamesAsync(RunningSilo silo, string query)
        => (await silo.GetAsync<DevicePage>($"devices?q={Uri.EscapeDataString(query)}")).Items.Select(item => item.Name);
}
