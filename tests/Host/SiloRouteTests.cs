using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using TrustMesh.Contracts;
using TrustMesh.Tests.Cli;

namespace TrustMesh.Tests.Host;

public sealed class SiloRouteTests
{
    [Fact]
    public async Task A_mesh_in_one_process_has_one_silo_that_tells_what_it_does()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        using var viewer = await silo.SignInAsync("viewer");

        var one = Assert.Single((await viewer.GetFromJsonAsync<IReadOnlyList<SiloView>>("silos"))!);

        Assert.Equal(("silo", "active", null, 1, 1.0), (one.Name, one.Health, one.Why, one.Twins, one.Share));
        Assert.Equal(silo.Devices.Port, new Uri(one.Device!).Port);
        Assert.Equal(silo.Process.OperatorAddress.Port, new Uri(one.Operator!).Port);
        Assert.Equal((1, 0, null), (one.Accepted, one.StorageErrors, one.LastStorageError));
        Assert.True(one is { CallsPerSecond: > 0, P50Ms: > 0, P99Ms: > 0, MemoryBytes: > 0, StartedAt: not null, ReportedAt: not null }, one.ToString());
        Assert.Equal(["everything"], one.Shards);
        var shown = await viewer.GetFromJsonAsync<SiloView>("silos/silo");
        Assert.Equal((one.Name, one.StartedAt, one.Device), (shown!.Name, shown.StartedAt, shown.Device));
    }

    [Fact]
    public async Task A_name_that_no_silo_has_is_not_found_and_told_which_there_are()
    {
        await using var silo = await RunningSilo.StartAsync();
        foreach (var name in (string[])["nobody", "SILO", "silo%20", "..%2Fmesh"])
        {
            using var answer = await silo.Operator.GetAsync($"silos/{name}");
            var problem = await answer.Content.ReadFromJsonAsync<Problem>();
            Assert.Equal((HttpStatusCode.NotFound, "not_found", "No silo of this mesh has this name. There is silo."), (answer.StatusCode, problem!.Code, problem.Detail));
        }
    }

    [Fact]
    public async Task A_write_that_failed_is_counted_and_told_with_its_time()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(silo.Settings.State, "silo.db")};Pooling=False"))
        {
            connection.Open();
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'no room for another token'); END";
            command.ExecuteNonQuery();
        }
        using var refused = await silo.Operator.PostAsJsonAsync("enroll/tokens", new JoinTokenRequest(1, 600, true));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        var one = await silo.GetAsync<SiloView>("silos/silo");

        Assert.True(one.StorageErrors > 0, one.ToString());
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ .*no room for another token", one.LastStorageError);
    }

    [Fact]
    public async Task The_document_of_the_API_has_both_routes()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var document = JsonDocument.Parse(await silo.Operator.GetStringAsync(new Uri(silo.Process.OperatorAddress, "/openapi/v1.json")));
        var paths = document.RootElement.GetProperty("paths");
        Assert.Contains("by name", paths.GetProperty("/api/v1/silos").GetProperty("get").GetProperty("summary").GetString());
        Assert.True(paths.GetProperty("/api/v1/silos/{name}").GetProperty("get").GetProperty("responses").TryGetProperty("404", out _));
    }

    [Fact]
    public async Task The_command_shows_the_silo_it_asks()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var code = await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("vera", "viewer"));
        var viewer = new CliRun { Input = code.Code, ["TRUSTMESH_SILO"] = silo.Process.OperatorAddress.ToString() };
        Assert.True(await viewer.RunAsync("sign-in") == 0, viewer.Error);

        Assert.Equal(0, await viewer.RunAsync("silo", "list"));
        Assert.Matches($@"^NAME\tHEALTH\tADDRESS\tTWINS\tSHARE\tCALLS/S\tP50 MS\tP99 MS\tSTORAGE ERRORS\tREPORTED\nsilo\tactive\thttps://[^\t]+:{silo.Devices.Port}\t1\t100 %\t[\d.]+\t[\d.]+\t[\d.]+\t0\t(just now|\d+ s ago)\n$", viewer.Output);
        Assert.Empty(viewer.Error);
        Assert.Equal(0, await viewer.RunAsync("silo", "show", "silo"));
        Assert.Contains("duties\teverything\n", viewer.Output, StringComparison.Ordinal);
        Assert.Contains("evidence accepted\t1\n", viewer.Output, StringComparison.Ordinal);
        Assert.Equal(3, await viewer.RunAsync("silo", "show", "silo-9"));
        Assert.Contains("There is silo.", viewer.Error, StringComparison.Ordinal);
        Assert.Contains("trustmesh silo list", viewer.Error, StringComparison.Ordinal);
    }
}
