using TrustMesh.Orleans.Storage;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Storage;

/// <summary>Found by a chaos run: silos that were left read thousands of rows at once, each call ran into its deadline, and the storage never recovered.</summary>
public sealed class CrowdTests
{
    [Fact]
    public async Task A42_A_storage_is_asked_for_no_more_at_once_than_it_may_answer_in_time()
    {
        var storage = new CrowdedStorage();
        var rows = new Rows(storage, new StorageMeter(TimeProvider.System));
        var reading = Enumerable.Range(0, Rows.AtOnce).Select(i => rows.ReadAsync("twin", $"{i}")).ToList();
        var late = await Assert.ThrowsAsync<IOException>(() => rows.ReadAsync("twin", "late"));
        Assert.Contains("there was no turn for another", late.Message, StringComparison.Ordinal);
        Assert.Equal(Rows.AtOnce, storage.Most);
        storage.Answer();
        Assert.All(await Task.WhenAll(reading), Assert.Null);
        Assert.Null(await rows.ReadAsync("twin", "late"));
    }

    [Fact]
    public async Task Whoever_reads_a_great_many_rows_leaves_turns_to_others_and_reads_again_what_was_not_answered()
    {
        var storage = new CrowdedStorage { Fails = 2 };
        var rows = new Rows(storage, new StorageMeter(TimeProvider.System));
        var many = Enumerable.Range(0, 200).Select(i => rows.GlanceAsync("twin", $"{i}")).ToList();
        var one = rows.ReadAsync("serial", "a");
        Assert.Equal(Rows.AtOnce / 2 + 1, storage.Most);
        storage.Answer();
        Assert.All(await Task.WhenAll(many), Assert.Null);
        Assert.Null(await one);
    }
}
