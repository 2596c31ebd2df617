using TrustMesh.Orleans.Storage;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Orleans.Storage;

[Collection(StorageCollection.Name)]
public sealed class RowsTests(StorageServers servers)
{
    public static TheoryData<string> Kinds => StorageServers.Kinds;

    public static TheoryData<string, bool> Faults => new() { { "memory", false }, { "memory", true }, { "redis", false }, { "redis", true }, { "azurite", false }, { "azurite", true } };

    [Theory, MemberData(nameof(Faults))]
    public async Task After_a_write_without_an_answer_nothing_is_believed_but_what_is_read(string kind, bool persisted)
    {
        var storage = await servers.NewAsync(kind);
        var stores = new Stores(storage);
        await stores.Rows.WriteAsync("serial", "a", 0, new byte[] { 1 });
        (storage.Fails, storage.Persisted) = ("serial", persisted);
        var failure = await Assert.ThrowsAsync<IOException>(() => stores.Rows.WriteAsync("serial", "a", 1, new byte[] { 2 }));
        Assert.Contains("The storage did not answer", failure.Message, StringComparison.Ordinal);
        Assert.IsType<TimeoutException>(failure.InnerException);
        var version = persisted ? 2 : 1;
        if (persisted) await Assert.ThrowsAsync<StaleRecordException>(() => stores.Rows.WriteAsync("serial", "a", 1, new byte[] { 3 }));
        Assert.Equal(version, (await stores.Rows.ReadAsync("serial", "a"))!.Version);
        await stores.Rows.WriteAsync("serial", "a", version, new byte[] { 4 });
        Assert.Equal([4], (await stores.Rows.ReadAsync("serial", "a"))!.Payload.ToArray());
        var health = stores.Meter.Read();
        Assert.Equal(1, health.Errors);
        Assert.Contains("swallowed", health.LastError, StringComparison.Ordinal);
        Assert.NotNull(health.LastErrorAt);
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task A_delete_without_an_answer_is_done_or_not_and_never_half(string kind, bool persisted)
    {
        var storage = await servers.NewAsync(kind);
        var stores = new Stores(storage);
        await stores.Rows.WriteAsync("serial", "a", 0, new byte[] { 1 });
        (storage.Fails, storage.Persisted) = ("serial", persisted);
        await Assert.ThrowsAsync<IOException>(() => stores.Rows.DeleteAsync("serial", "a", 1));
        Assert.Equal(persisted ? null : 1, (await stores.Rows.ReadAsync("serial", "a"))?.Version);
        // The grave is written and cannot be cleared: the row is gone, and may come again.
        if (!persisted)
        {
            (storage.Fails, storage.After) = ("serial", 1);
            await stores.Rows.DeleteAsync("serial", "a", 1);
        }
        Assert.Null(await new Stores(storage).Rows.ReadAsync("serial", "a"));
        await new Stores(storage).Rows.WriteAsync("serial", "a", 0, new byte[] { 7 });
        Assert.Equal(1, (await stores.Rows.ReadAsync("serial", "a"))!.Version);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_write_that_the_client_sent_twice_is_no_lost_race(string kind)
    {
        var storage = await servers.NewAsync(kind);
        var rows = new Stores(storage).Rows;
        storage.Twice = true;
        await rows.WriteAsync("serial", "a", 0, new byte[] { 1 });
        await rows.WriteAsync("serial", "a", 1, new byte[] { 2 });
        Assert.Equal(2, (await rows.ReadAsync("serial", "a"))!.Version);
        await rows.DeleteAsync("serial", "a", 2);
        Assert.Null(await rows.ReadAsync("serial", "a"));
    }

    [Fact]
    public async Task A_row_that_was_seen_is_written_by_one_call_and_one_that_was_not_by_two()
    {
        var storage = await servers.NewAsync("redis");
        var rows = new Stores(storage).Rows;
        await rows.WriteAsync("serial", "a", 0, default);
        await rows.WriteAsync("serial", "a", 1, default);
        Assert.Equal((0, 2), (storage.Reads, storage.Writes));
        await new Stores(storage).Rows.WriteAsync("serial", "a", 2, default);
        Assert.Equal((1, 3), (storage.Reads, storage.Writes));
    }

    [Fact]
    public async Task What_another_silo_wrote_is_seen_whatever_is_remembered()
    {
        var storage = await servers.NewAsync("redis");
        var (one, other) = (new Stores(storage).Rows, new Stores(await servers.AnotherAsync("redis", storage)).Rows);
        await one.WriteAsync("serial", "a", 0, new byte[] { 1 });
        Assert.Equal(1, (await other.ReadAsync("serial", "a"))!.Version);
        await other.WriteAsync("serial", "a", 1, new byte[] { 2 });
        Assert.Equal(2, (await one.ReadAsync("serial", "a"))!.Version);
        await one.DeleteAsync("serial", "a", 2);
        await Assert.ThrowsAsync<StaleRecordException>(() => other.DeleteAsync("serial", "a", 2));
        await other.WriteAsync("serial", "a", 0, new byte[] { 3 });
        await one.WriteAsync("serial", "a", 1, new byte[] { 4 });
        Assert.Equal([4], (await other.ReadAsync("serial", "a"))!.Payload.ToArray());
    }

    [Fact]
    public async Task A_memory_that_is_full_forgets_and_loses_nothing()
    {
        var rows = new Stores(await servers.NewAsync("redis"), remembered: 4).Rows;
        for (var round = 0; round < 3; round++)
            for (var i = 0; i < 20; i++) await rows.WriteAsync("serial", $"{i}", round, new[] { (byte)round });
        for (var i = 0; i < 20; i++) Assert.Equal(3, (await rows.ReadAsync("serial", $"{i}"))!.Version);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_largest_row_is_stored_and_a_larger_one_refused(string kind)
    {
        var rows = new Stores(await servers.NewAsync(kind)).Rows;
        var largest = new byte[kind == "memory" ? Rows.Largest / 16 : Rows.Largest];
        new Random(1).NextBytes(largest);
        await rows.WriteAsync("serial", "a", 0, largest);
        Assert.Equal(largest, (await rows.ReadAsync("serial", "a"))!.Payload.ToArray());
        await Assert.ThrowsAsync<ArgumentException>(() => rows.WriteAsync("serial", "b", 0, new byte[Rows.Largest + 1]));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A43_A_row_that_is_none_of_ours_is_told_by_its_name(string kind)
    {
        var storage = await servers.NewAsync(kind);
        var rows = new Stores(storage).Rows;
        await rows.WriteAsync("serial", "a", 0, default);
        await Stores.DamageAsync(storage, "serial", "a");
        var unreadable = await Assert.ThrowsAsync<UnreadableRowException>(() => rows.ReadAsync("serial", "a"));
        Assert.Contains("serial row 'a'", unreadable.Message, StringComparison.Ordinal);
        Assert.Contains("backup", unreadable.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnreadableRowException>(() => new Stores(storage).Rows.WriteAsync("serial", "a", 1, default));
    }
}
