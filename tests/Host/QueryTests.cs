using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

public class QueryTests
{
    [Fact]
    public async Task The_list_takes_a_query_and_says_how_many_there_are()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var proven = await silo.JoinAsync("press-1");
        await proven.ProveAsync();
        foreach (var name in (string[])["press-2", "camera-1"]) (await silo.JoinAsync(name)).Dispose();
        Assert.Equal(["press-1", "press-2"], await NamesAsync(silo, "name:press* tier:software"));
        Assert.Equal(["camera-1", "press-2"], await NamesAsync(silo, "status:unknown age:none"));
        Assert.Equal(["press-1"], await NamesAsync(silo, "age<1h policy:1 agent>=0 since<1h"));
        Assert.Equal(3, (await silo.GetAsync<DevicePage>("devices?limit=1&q=enrolled%3C1h")).Total);
        var listed = (await silo.GetAsync<DevicePage>("devices?q=press-1")).Items.Single();
        Assert.NotNull(listed.Since);
        Assert.Equal(1, listed.Policy);
        Assert.NotNull(listed.Agent);
        var drawn = (await silo.GetAsync<GraphSnapshot>("graph")).Nodes.Single(node => node.Name == "press-1");
        Assert.Equal((listed.Since, listed.Agent, listed.Policy, listed.EnrolledAt), (drawn.Since, drawn.Agent, drawn.Policy, drawn.EnrolledAt));
    }

    [Fact]
    public async Task A_text_that_is_no_query_is_invalid_and_says_where_and_why()
    {
        await using var silo = await RunningSilo.StartAsync();
        var problem = await RefusedAsync(silo, "devices?q=sit%3Aoslo");
        Assert.Equal("Character 1: unknown field \"sit\": did you mean \"site\"?", problem.Detail);
        Assert.Contains("at most 1024 characters", (await RefusedAsync(silo, $"devices?q={new string('a', 5_000)}")).Detail);
        Assert.Contains("cannot be seen", (await RefusedAsync(silo, "devices?q=a%00b")).Detail);
    }

    [Fact]
    public async Task A_saved_query_is_everybodys_survives_a_restart_and_is_in_the_log()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var viewer = await silo.SignInAsync("viewer");
        using var operating = await silo.SignInAsync("operator");
        using var saved = await operating.PutAsJsonAsync("queries/night-shift", new SavedQueryUpdate(" site:oslo age>10m "));
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal("site:oslo age>10m", (await viewer.GetFromJsonAsync<SavedQuery>("queries/night-shift"))!.Query);
        using var replaced = await operating.PutAsJsonAsync("queries/night-shift", new SavedQueryUpdate("site:oslo"));
        await silo.RestartAsync();
        var only = Assert.Single(await silo.GetAsync<IReadOnlyList<SavedQuery>>("queries"));
        Assert.Equal(("night-shift", "site:oslo", "some-operator"), (only.Name, only.Query, only.By));
        using var removed = await silo.Operator.DeleteAsync("queries/night-shift");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await silo.Operator.DeleteAsync("queries/night-shift");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var again = await silo.Operator.PutAsJsonAsync("queries/night-shift", new SavedQueryUpdate("site:riga"));
        Assert.Equal("site:riga", Assert.Single(await silo.GetAsync<IReadOnlyList<SavedQuery>>("queries")).Query);
        var log = (await silo.GetAsync<LogPage>("log/0/entries?limit=100")).Entries;
        Assert.Contains(log, entry => entry is { Kind: "operator", Actor: "some-operator", Text: "saved the query night-shift: site:oslo age>10m" });
        Assert.Contains(log, entry => entry is { Kind: "operator", Text: "removed the query night-shift" });
    }

    [Theory]
    [InlineData("queries/Night", "site:oslo", HttpStatusCode.BadRequest)]
    [InlineData("queries/..%2Fpolicy", "site:oslo", HttpStatusCode.BadRequest)]
    [InlineData("queries/night", "sit:oslo", HttpStatusCode.BadRequest)]
    [InlineData("queries/night", "  ", HttpStatusCode.BadRequest)]
    public async Task A44_Only_a_plain_name_and_a_query_are_saved(string path, string query, HttpStatusCode status)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var answer = await silo.Operator.PutAsJsonAsync(path, new SavedQueryUpdate(query));
        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(await silo.GetAsync<IReadOnlyList<SavedQuery>>("queries"));
    }

    [Fact]
    public async Task A37_A_viewer_uses_saved_queries_and_changes_none()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var viewer = await silo.SignInAsync("viewer");
        using var saved = await viewer.PutAsJsonAsync("queries/night", new SavedQueryUpdate("site:oslo"));
        using var removed = await viewer.DeleteAsync("queries/night");
        using var stranger = silo.Client(null);
        using var unknown = await stranger.GetAsync("queries");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (saved.StatusCode, removed.StatusCode, unknown.StatusCode));
    }

    private static async Task<IEnumerable<string>> NamesAsync(RunningSilo silo, string query)
        => (await silo.GetAsync<DevicePage>($"devices?q={Uri.EscapeDataString(query)}")).Items.Select(item => item.Name);

    private static async Task<Problem> RefusedAsync(RunningSilo silo, string path)
    {
        using var answer = await silo.Operator.GetAsync(path);
        var problem = await answer.Content.ReadFromJsonAsync<Problem>();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (answer.StatusCode, problem!.Code));
        return problem;
    }
}
