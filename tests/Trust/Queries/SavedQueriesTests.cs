using TrustMesh.Contracts.Queries;
using TrustMesh.Host.Embedded;
using TrustMesh.Trust.Queries;

namespace TrustMesh.Tests.Trust.Queries;

public sealed class SavedQueriesTests
{
    [Fact]
    public async Task A42_A_mesh_keeps_no_more_than_its_cap_and_a_name_that_is_there_is_replaced()
    {
        var folder = Directory.CreateTempSubdirectory("trustmesh-db-").FullName;
        await using (var database = new SqliteDatabase(Path.Combine(folder, "test.db"), TimeProvider.System)) await FillAsync(new(new SqliteRecordStore(database), TimeProvider.System));
        Directory.Delete(folder, true);
    }

    private static async Task FillAsync(SavedQueries saved)
    {
        Assert.True(FleetQuery.TryParse("site:oslo", out var query, out _));
        for (var i = 0; i < SavedQueries.Most; i++) Assert.NotNull(await saved.SaveAsync($"q{i}", query, "ann", default));
        Assert.Null(await saved.SaveAsync("one-more", query, "ann", default));
        Assert.NotNull(await saved.SaveAsync("q7", FleetQuery.Everything, "bob", default));
        Assert.Equal("bob", (await saved.FindAsync("q7", default))!.By);
        Assert.Equal(SavedQueries.Most, (await saved.ListAsync(default)).Count);
    }
}
