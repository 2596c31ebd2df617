using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Tests.Trust;

/// <summary>What every record store owes its callers; each implementation runs all of it.</summary>
public abstract class RecordStoreConformance
{
    private const string Listed = "join-token", Unlisted = "serial";

    protected abstract IRecordStore Store { get; }

    [Theory, InlineData(Listed), InlineData(Unlisted)]
    public async Task A_row_that_was_never_written_is_not_there(string kind)
    {
        Assert.Null(await Store.ReadAsync(kind, "a", default));
        await Assert.ThrowsAsync<StaleRecordException>(() => Store.DeleteAsync(kind, "a", 1, default));
        await Assert.ThrowsAsync<StaleRecordException>(() => WriteAsync(kind, "a", 1, 1));
        Assert.Null(await Store.ReadAsync(kind, "a", default));
    }

    [Theory, InlineData(Listed), InlineData(Unlisted)]
    public async Task What_was_written_is_read_with_its_version(string kind)
    {
        await WriteAsync(kind, "a", 0, 1);
        await WriteAsync(kind, "a", 1, 2, 3);
        await AssertAsync(kind, "a", 2, 2, 3);
        await AssertAsync(kind, "b", 0);
    }

    [Fact]
    public async Task An_empty_value_is_a_row()
    {
        await WriteAsync(Unlisted, "a", 0);
        await AssertAsync(Unlisted, "a", 1);
        await WriteAsync(Listed, "a", 0);
        Assert.Empty((Assert.Single(await Store.ListAsync(Listed, default))).Value.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_write_that_expects_another_version_writes_nothing(long expected)
    {
        await WriteAsync(Unlisted, "a", 0, 1);
        await WriteAsync(Unlisted, "a", 1, 2);
        await Assert.ThrowsAsync<StaleRecordException>(() => WriteAsync(Unlisted, "a", expected, 9));
        await AssertAsync(Unlisted, "a", 2, 2);
        await Assert.ThrowsAsync<StaleRecordException>(() => Store.DeleteAsync(Unlisted, "a", expected, default));
        await AssertAsync(Unlisted, "a", 2, 2);
    }

    [Theory, InlineData(Listed), InlineData(Unlisted)]
    public async Task A_deleted_row_is_gone_and_may_be_written_anew(string kind)
    {
        await WriteAsync(kind, "a", 0, 1);
        await WriteAsync(kind, "a", 1, 2);
        await Store.DeleteAsync(kind, "a", 2, default);
        Assert.Null(await Store.ReadAsync(kind, "a", default));
        await Assert.ThrowsAsync<StaleRecordException>(() => Store.DeleteAsync(kind, "a", 2, default));
        if (kind == Listed) Assert.Empty(await Store.ListAsync(kind, default));
        await WriteAsync(kind, "a", 0, 7);
        await AssertAsync(kind, "a", 1, 7);
        if (kind == Listed) Assert.Equal("a", Assert.Single(await Store.ListAsync(kind, default)).Id);
    }

    [Fact]
    public async Task Rows_are_listed_by_id_and_only_those_of_the_kind()
    {
        foreach (var id in (string[])["b", "a", "c", "A"]) await WriteAsync(Listed, id, 0, 1);
        await WriteAsync("operator-code", "x", 0, 1);
        await WriteAsync(Unlisted, "y", 0, 1);
        await WriteAsync(Listed, "c", 1, 2);
        Assert.Equal([("A", 1), ("a", 1), ("b", 1), ("c", 2)], (await Store.ListAsync(Listed, default)).Select(row => (row.Id, row.Version)));
        var all = new List<string>();
        await foreach (var row in Store.ReadAllAsync(Listed, default)) all.Add(row.Id);
        Assert.Equal(["A", "a", "b", "c"], all.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_kind_that_is_declared_can_be_listed_and_no_other_by_any_store()
    {
        Assert.Contains(Listed, RecordKinds.Listed);
        foreach (var kind in RecordKinds.Listed)
        {
            await WriteAsync(kind, "a", 0, 1);
            Assert.Equal("a", Assert.Single(await Store.ListAsync(kind, default)).Id);
        }
        await WriteAsync(Unlisted, "a", 0, 1);
        Assert.Contains(nameof(RecordKinds), (await Assert.ThrowsAsync<ArgumentException>(() => Store.ListAsync(Unlisted, default))).Message);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (var row in Store.ReadAllAsync(Unlisted, default)) Assert.Fail(row.Id);
        });
    }

    [Fact]
    public async Task A_store_that_stands_beside_no_log_takes_no_act_with_lines()
    {
        await Store.ActAsync(Listed, "a", 0, new byte[] { 1 }, [], default);
        await AssertAsync(Listed, "a", 1, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.ActAsync(Listed, "a", 1, null, [new(DateTimeOffset.UnixEpoch, EventKind.Operator, "gone", "ann")], default));
        await Store.ActAsync(Listed, "a", 1, null, [], default);
        await AssertAsync(Listed, "a", 0);
    }

    [Theory]
    [InlineData("a/b.c-d_e", "a/b.c-d~e")]
    [InlineData("../../a", "a")]
    [InlineData("a//b", "a/b")]
    [InlineData("a.", "a")]
    [InlineData("a/", "a")]
    [InlineData("a%2fb", "a/b")]
    [InlineData("A", "a")]
    [InlineData("ä ?#&+\\", "a ?#&+\\")]
    public async Task Ids_that_mean_something_elsewhere_are_only_ids_here(string one, string other)
    {
        await WriteAsync(Unlisted, one, 0, 1);
        Assert.Null(await Store.ReadAsync(Unlisted, other, default));
        await WriteAsync(Unlisted, other, 0, 2);
        await AssertAsync(Unlisted, one, 1, 1);
        await WriteAsync(Listed, one, 0, 1);
        await WriteAsync(Listed, other, 0, 2);
        Assert.Equal(new[] { one, other }.Order(StringComparer.Ordinal), (await Store.ListAsync(Listed, default)).Select(row => row.Id));
    }

    [Fact]
    public async Task A40_Of_many_who_write_or_delete_one_version_one_wins()
    {
        await WriteAsync(Listed, "a", 0, 1);
        Assert.Single(await RaceAsync(_ => WriteAsync(Listed, "a", 1, 2)), won => won);
        Assert.Single(await RaceAsync(_ => Store.DeleteAsync(Listed, "a", 2, default)), won => won);
        Assert.Single(await RaceAsync(_ => WriteAsync(Listed, "a", 0, 3)), won => won);
        Assert.Single(await RaceAsync(i => i % 2 == 0 ? WriteAsync(Listed, "a", 1, 4) : Store.DeleteAsync(Listed, "a", 1, default)), won => won);
    }

    [Fact]
    public async Task Numbers_that_many_take_at_once_are_taken_once()
    {
        var serials = new Serials(Store);
        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => serials.NextAsync("counter", default))));
        Assert.Equal(Enumerable.Range(1, 40).Select(number => (long)number), taken.Order());
    }

    private static async Task<bool[]> RaceAsync(Func<int, Task> act) => await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
    {
        try
        {
            await act(i);
            return true;
        }
        catch (StaleRecordException)
        {
            return false;
        }
    })));

    private Task WriteAsync(string kind, string id, long expected, params byte[] value) => Store.WriteAsync(kind, id, expected, value, default);

    private async Task AssertAsync(string kind, string id, long version, params byte[] value)
    {
        var row = await Store.ReadAsync(kind, id, default);
        Assert.Equal((kind, id, version), version == 0 ? (kind, id, row?.Version ?? 0) : (row!.Kind, row.Id, row.Version));
        Assert.Equal(value, row?.Value.ToArray() ?? []);
    }
}
