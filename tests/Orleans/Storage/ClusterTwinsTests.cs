using TrustMesh.Orleans.Storage;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Orleans.Storage;

[Collection(StorageCollection.Name)]
public sealed class ClusterTwinsTests(StorageServers servers)
{
    private static readonly DeviceId Device = DeviceId.FromRootKey([1]), Other = DeviceId.FromRootKey([2]);

    public static TheoryData<string, bool> Faults => new() { { "twin-log", false }, { "twin-log", true }, { "twin", false }, { "twin", true } };

    /// <summary>The fault table: each row of a save fails once before it was written and once after; there is the one moment or the other, never a mixture.</summary>
    [Theory, MemberData(nameof(Faults))]
    public async Task A_save_that_fails_anywhere_leaves_state_proof_and_log_of_one_moment(string row, bool persisted)
    {
        var storage = await servers.NewAsync("redis");
        var stores = new Stores(storage);
        await stores.Twins.SaveAsync(Write(0, 1, 1, new(5, 0, Entries(10, 11))), default);
        (storage.Fails, storage.Persisted) = (row, persisted);
        await Assert.ThrowsAsync<IOException>(() => stores.Twins.SaveAsync(Write(1, 2, 2, new(6, 0, Entries(20))), default));
        var moved = row == "twin" && persisted;
        foreach (var reader in (Stores[])[stores, new(storage)])
        {
            await AssertAsync(reader, moved ? 2 : 1, moved ? (byte)2 : (byte)1, moved ? [20] : [10, 11]);
        }
        await stores.Twins.SaveAsync(Write(moved ? 2 : 1, 3, 3, moved ? new(6, 1, Entries(21)) : new(5, 2, Entries(12))), default);
        await AssertAsync(new(storage), moved ? 3 : 2, 3, moved ? [20, 21] : [10, 11, 12]);
    }

    [Theory, InlineData("catalogue", false), InlineData("catalogue", true), InlineData("twin", false), InlineData("twin", true)]
    public async Task A_first_save_that_fails_anywhere_can_be_made_again(string row, bool persisted)
    {
        var storage = await servers.NewAsync("redis");
        var stores = new Stores(storage);
        (storage.Fails, storage.Persisted) = (row, persisted);
        await Assert.ThrowsAsync<IOException>(() => stores.Twins.SaveAsync(Write(0, 1), default));
        var there = row == "twin" && persisted;
        Assert.Equal(there ? 1 : null, (await stores.Twins.LoadAsync(Device, default))?.Version);
        Assert.Equal(there ? 1 : 0, await CountAsync(new(storage)));
        await stores.Twins.SaveAsync(Write(there ? 1 : 0, 2), default);
        Assert.Equal(1, await CountAsync(new(storage)));
    }

    [Fact]
    public async Task Two_activations_at_once_never_mix_one_evidence_with_the_log_of_another()
    {
        var storage = await servers.NewAsync("redis");
        var another = await servers.AnotherAsync("redis", storage);
        var (one, other) = (new Stores(storage), new Stores(another));
        await one.Twins.SaveAsync(Write(0, 1, 1, new(5, 0, Entries(10))), default);
        // The other one wrote its entries and then died: the log is still the one of the first's evidence.
        storage.Meanwhile = ("twin", async () =>
        {
            another.Fails = "twin";
            await Assert.ThrowsAsync<IOException>(() => other.Twins.SaveAsync(Write(1, 8, 8, new(5, 1, Entries(80))), default));
        });
        await one.Twins.SaveAsync(Write(1, 2, 2, new(5, 1, Entries(11))), default);
        await AssertAsync(new(storage), 2, 2, 10, 11);
        // The other one is faster: the first has written nothing.
        storage.Meanwhile = ("twin", () => other.Twins.SaveAsync(Write(2, 9, 9, new(6, 0, Entries(90))), default));
        await Assert.ThrowsAsync<StaleTwinException>(() => one.Twins.SaveAsync(Write(2, 3, 3, new(5, 2, Entries(12))), default));
        await AssertAsync(one, 3, 9, 90);
    }

    [Fact]
    public async Task A_proof_is_read_with_its_own_log_though_the_twin_moves_meanwhile()
    {
        var storage = await servers.NewAsync("redis");
        var (one, other) = (new Stores(storage), new Stores(await servers.AnotherAsync("redis", storage)));
        await one.Twins.SaveAsync(Write(0, 1, 1, new(5, 0, Entries(10))), default);
        storage.AfterRead = ("twin", () => other.Twins.SaveAsync(Write(1, 2, 2, new(6, 0, Entries(20, 21))), default));
        var proof = await one.Twins.LoadProofAsync(Device, default);
        Assert.Equal([2], proof!.Proof.ToArray());
        Assert.Equal<byte>([20, 21], proof.Log.Select(entry => entry.Span[0]));
    }

    [Fact]
    public async Task A_save_without_a_proof_keeps_the_one_that_nobody_has_in_memory()
    {
        var storage = await servers.NewAsync("redis");
        await new Stores(storage).Twins.SaveAsync(Write(0, 1, 1, new(5, 0, Entries(10))), default);
        await new Stores(storage).Twins.SaveAsync(Write(1, 2), default);
        await AssertAsync(new(storage), 2, 1, 10);
        await new Stores(storage).Twins.SaveAsync(Write(2, 3, 3), default);
        await AssertAsync(new(storage), 3, 3, 10);
    }

    [Fact]
    public async Task Evidence_of_a_twin_that_was_just_saved_costs_one_call_for_each_row()
    {
        var storage = await servers.NewAsync("redis");
        var stores = new Stores(storage);
        await stores.Twins.SaveAsync(Write(0, 1, 1, new(5, 0, Entries(10))), default);
        var (reads, writes) = (storage.Reads, storage.Writes);
        await stores.Twins.SaveAsync(Write(1, 2, 2), default);
        await stores.Twins.SaveAsync(Write(2, 3, 3, new(5, 1, Entries(11))), default);
        Assert.Equal((0, 3), (storage.Reads - reads, storage.Writes - writes));
    }

    [Fact]
    public async Task A_log_that_grows_by_one_entry_at_a_time_lies_in_few_rows()
    {
        var stores = new Stores(await servers.NewAsync("redis"));
        await stores.Twins.SaveAsync(Write(0, 0), default);
        var first = default(TwinLog.Part);
        for (byte i = 0; i < 70; i++)
        {
            await stores.Twins.SaveAsync(Write(i + 1, i, i, new(5, i, Entries(i))), default);
            var parts = TwinRow.Decode((await stores.Rows.ReadAsync("twin", Device.Text))!.Payload).Log.Parts;
            Assert.InRange(parts.Count, 1, TwinLog.MostParts);
            if (i == 0) first = parts[0];
        }
        Assert.Equal(Enumerable.Range(0, 70), (await stores.Twins.LoadProofAsync(Device, default))!.Log.Select(entry => (int)entry.Span[0]));
        Assert.Null(await stores.Rows.ReadAsync("twin-log", first.IdOf(Device)));
    }

    [Fact]
    public async Task Lines_that_another_silo_let_go_are_no_lost_race()
    {
        var storage = await servers.NewAsync("redis");
        var (one, other) = (new Stores(storage), new Stores(await servers.AnotherAsync("redis", storage)));
        await one.Twins.SaveAsync(Write(0, 1) with { Unlogged = new byte[] { 1 } }, default);
        await other.Twins.LoggedAsync(Device, 1, default);
        await one.Twins.SaveAsync(Write(1, 2), default);
        Assert.Equal(2, (await other.Twins.LoadAsync(Device, default))!.Version);
    }

    [Fact]
    public async Task Twins_are_loaded_by_bucket_and_by_id()
    {
        var stores = new Stores(await servers.NewAsync("redis"));
        var devices = Enumerable.Range(0, 100).Select(i => DeviceId.FromRootKey([(byte)i, 1])).ToList();
        await Task.WhenAll(devices.Select(device => stores.Twins.SaveAsync(Write(0, 1) with { Device = device }, default)));
        var loaded = new List<DeviceId>();
        for (var bucket = 0; bucket < Catalogue.Buckets; bucket++)
            await foreach (var twin in stores.Twins.LoadBucketAsync(bucket, default))
            {
                Assert.Equal(bucket, ClusterTwins.BucketOf(twin.Device));
                loaded.Add(twin.Device);
            }
        Assert.Equal(devices.Select(device => device.Text).Order(), loaded.Select(device => device.Text).Order());
        var some = new List<StoredTwin>();
        await foreach (var twin in stores.Twins.LoadAsync([.. devices.Take(50), Device], default)) some.Add(twin);
        Assert.Equal(devices.Take(50), some.Select(twin => twin.Device));
    }

    [Fact]
    public async Task A43_A_twin_that_cannot_be_read_is_isolated_and_the_others_are_there()
    {
        var storage = await servers.NewAsync("azurite");
        var stores = new Stores(storage);
        await stores.Twins.SaveAsync(Write(0, 1, 1), default);
        await stores.Twins.SaveAsync(Write(0, 2) with { Device = Other }, default);
        await Stores.DamageAsync(storage, "twin", Device.Text);
        var later = new Stores(storage);
        Assert.Contains("backup", (await Assert.ThrowsAsync<UnreadableTwinException>(() => later.Twins.LoadAsync(Device, default))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnreadableTwinException>(() => later.Twins.SaveAsync(Write(1, 3, 3), default));
        var all = new List<StoredTwin>();
        await foreach (var twin in later.Twins.LoadAllAsync(default)) all.Add(twin);
        Assert.Equal([2], all.Single(twin => twin.Device == Other).State.ToArray());
        // It comes without a state, so whoever decodes it isolates its device as one whose state is damaged.
        Assert.Equal((0L, 0), (all.Single(twin => twin.Device == Device).Version, all.Single(twin => twin.Device == Device).State.Length));
        Assert.Throws<WireException>(() => TwinStateCodec.Decode(default, 0));
        Assert.Equal(("twin", Device.Text), (Assert.Single(later.Isolated).Kind, later.Isolated[0].Id));
    }

    [Fact]
    public async Task A43_A_proof_whose_log_is_missing_is_said_to_be_unreadable()
    {
        var stores = new Stores(await servers.NewAsync("redis"));
        await stores.Twins.SaveAsync(Write(0, 1, 1, new(5, 0, Entries(10))), default);
        var part = TwinRow.Decode((await stores.Rows.ReadAsync("twin", Device.Text))!.Payload).Log.Parts[0];
        await stores.Rows.DeleteAsync("twin-log", part.IdOf(Device), 1);
        await Assert.ThrowsAsync<UnreadableTwinException>(() => stores.Twins.LoadProofAsync(Device, default));
        Assert.Equal(1, (await stores.Twins.LoadAsync(Device, default))!.Version);
    }

    private static async Task AssertAsync(Stores stores, long version, byte proof, params byte[] log)
    {
        Assert.Equal(version, (await stores.Twins.LoadAsync(Device, default))!.Version);
        var stored = await stores.Twins.LoadProofAsync(Device, default);
        Assert.Equal([proof], stored!.Proof.ToArray());
        Assert.Equal(log, stored.Log.Select(entry => entry.Span[0]));
    }

    private static async Task<int> CountAsync(Stores stores)
    {
        var count = 0;
        await foreach (var _ in stores.Twins.LoadAllAsync(default)) count++;
        return count;
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Entries(params byte[] entries) => [.. entries.Select(entry => new ReadOnlyMemory<byte>([entry]))];

    private static TwinWrite Write(long expected, byte state, byte? proof = null, LogAppend? log = null)
        => new(Device, expected, new[] { state }, proof is { } value ? new ReadOnlyMemory<byte>([value]) : default(ReadOnlyMemory<byte>?), log);
}
