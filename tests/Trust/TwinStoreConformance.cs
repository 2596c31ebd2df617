using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Trust;

/// <summary>What every twin store owes its callers; each implementation runs all of it.</summary>
public abstract class TwinStoreConformance
{
    private static readonly DeviceId Device = DeviceId.FromRootKey([1]), Other = DeviceId.FromRootKey([2]);

    protected abstract ITwinStore Store { get; }

    [Fact]
    public async Task A_device_that_was_never_saved_is_not_there()
    {
        Assert.Null(await Store.LoadAsync(Device, default));
        Assert.Null(await Store.LoadProofAsync(Device, default));
    }

    [Fact]
    public async Task What_was_saved_is_read_with_its_version()
    {
        await Store.SaveAsync(Write(0, 1), default);
        await Store.SaveAsync(Write(1, 2), default);
        var row = await Store.LoadAsync(Device, default);
        Assert.Equal(2, row!.Version);
        Assert.Equal([2], row.State.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_write_that_expects_another_version_writes_nothing(long expected)
    {
        await Store.SaveAsync(Write(0, 1), default);
        await Store.SaveAsync(Write(1, 2, proof: 2, log: new(5, 0, [new byte[] { 7 }])), default);
        await Assert.ThrowsAsync<StaleTwinException>(() => Store.SaveAsync(Write(expected, 9, proof: 9, log: new(6, 0, [new byte[] { 9 }])), default));
        Assert.Equal([2], (await Store.LoadAsync(Device, default))!.State.ToArray());
        var proof = await Store.LoadProofAsync(Device, default);
        Assert.Equal([2], proof!.Proof.ToArray());
        Assert.Equal([7], Assert.Single(proof.Log).ToArray());
    }

    [Fact]
    public async Task A_device_that_must_exist_is_not_made()
    {
        await Assert.ThrowsAsync<StaleTwinException>(() => Store.SaveAsync(Write(1, 1), default));
        Assert.Null(await Store.LoadAsync(Device, default));
    }

    [Fact]
    public async Task A_log_grows_within_its_boot_and_starts_over_with_the_next()
    {
        await Store.SaveAsync(Write(0, 1, proof: 1, log: new(5, 0, [new byte[] { 0 }, new byte[] { 1 }])), default);
        await Store.SaveAsync(Write(1, 1, proof: 1, log: new(5, 2, [new byte[] { 2 }])), default);
        Assert.Equal<byte>([0, 1, 2], (await Store.LoadProofAsync(Device, default))!.Log.Select(entry => entry.Span[0]));
        await Store.SaveAsync(Write(2, 1), default);
        Assert.Equal(3, (await Store.LoadProofAsync(Device, default))!.Log.Count);
        await Store.SaveAsync(Write(3, 1, log: new(6, 0, [new byte[] { 9 }])), default);
        Assert.Equal<byte>([9], (await Store.LoadProofAsync(Device, default))!.Log.Select(entry => entry.Span[0]));
        await Store.SaveAsync(Write(4, 1, log: new(6, 0, [])), default);
        Assert.Empty((await Store.LoadProofAsync(Device, default))!.Log);
    }

    [Fact]
    public async Task Of_many_writers_of_one_version_one_wins()
    {
        await Store.SaveAsync(Write(0, 0), default);
        var writers = await Task.WhenAll(Enumerable.Range(1, 32).Select(i => Task.Run(async () =>
        {
            try
            {
                await Store.SaveAsync(Write(1, (byte)i), default);
                return i;
            }
            catch (StaleTwinException)
            {
                return 0;
            }
        })));
        var winner = Assert.Single(writers, i => i > 0);
        Assert.Equal([(byte)winner], (await Store.LoadAsync(Device, default))!.State.ToArray());
    }

    [Fact]
    public async Task All_rows_are_listed_once()
    {
        await Store.SaveAsync(Write(0, 1), default);
        await Store.SaveAsync(new(Other, 0, new byte[] { 5 }, null, null), default);
        var all = new List<StoredTwin>();
        await foreach (var row in Store.LoadAllAsync(default)) all.Add(row);
        Assert.Equal(2, all.Count);
        Assert.Equal([5], all.Single(row => row.Device == Other).State.ToArray());
    }

    [Fact]
    public async Task Lines_for_the_log_stay_with_their_version_until_the_log_has_them()
    {
        await Store.SaveAsync(Write(0, 1) with { Unlogged = new byte[] { 1, 2 } }, default);
        await Store.LoggedAsync(Device, 2, default);
        await Store.LoggedAsync(Other, 1, default);
        Assert.Equal([1, 2], (await Store.LoadAsync(Device, default))!.Unlogged.ToArray());
        await foreach (var row in Store.LoadAllAsync(default)) Assert.Equal([1, 2], row.Unlogged.ToArray());
        await Store.LoggedAsync(Device, 1, default);
        Assert.Equal((1L, 0), ((await Store.LoadAsync(Device, default))!.Version, (await Store.LoadAsync(Device, default))!.Unlogged.Length));
        await Store.SaveAsync(Write(1, 2) with { Unlogged = new byte[] { 3 } }, default);
        await Store.SaveAsync(Write(2, 3), default);
        Assert.Empty((await Store.LoadAsync(Device, default))!.Unlogged.ToArray());
    }

    private static TwinWrite Write(long expected, byte state, byte? proof = null, LogAppend? log = null)
        => new(Device, expected, new[] { state }, proof is { } value ? new ReadOnlyMemory<byte>([value]) : default(ReadOnlyMemory<byte>?), log);
}
