using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Attacks;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster]
public sealed class A43UnreadableRowOverClusterTests : A43UnreadableRowTests
{
    private const string Page = "saved-query/00/000000";

    [Fact]
    public async Task A43_A_page_of_the_catalogue_that_cannot_be_read_is_named_and_its_rows_are_listed_again_once_it_is_restored()
    {
        var log = new LogLines();
        await using var silo = await RunningSilo.StartAsync(loggers: log);
        foreach (var name in (string[])["a", "b"]) await silo.PutAsync($"queries/{name}", new SavedQueryUpdate("status:failed"));
        var page = (await silo.Silo.Place.Records.ReadAsync("catalogue", Page, default))!;
        await silo.ReplaceAsync("catalogue", Page, [0, 255]);
        Assert.Empty(await silo.GetAsync<List<SavedQuery>>("queries"));
        // Each of its rows is there, and new ones get a page of their own.
        Assert.Equal("a", (await silo.GetAsync<SavedQuery>("queries/a")).Name);
        await silo.PutAsync("queries/c", new SavedQueryUpdate("status:failed"));
        await silo.PutAsync("queries/a", new SavedQueryUpdate("status:warning"));
        Assert.Equal(["c"], (await silo.GetAsync<List<SavedQuery>>("queries")).Select(one => one.Name));
        Assert.Contains(log.All, line => line.Contains($"The stored catalogue row {Page} is unreadable", StringComparison.Ordinal) && line.Contains("do not delete it", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await silo.GetAsync<List<SiloView>>("silos"))[0].LastStorageError?.Contains($"catalogue row {Page}", StringComparison.Ordinal) == true, "the silo's page to name it");
        using var device = await silo.JoinAsync("healthy");
        await device.ProveAsync();
        await silo.ReplaceAsync("catalogue", Page, page.Value.ToArray());
        Assert.Equal(["a", "b", "c"], (await silo.GetAsync<List<SavedQuery>>("queries")).Select(one => one.Name));
    }
}
