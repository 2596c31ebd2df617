using TrustMesh.Orleans.Storage;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Tests.Trust;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Orleans.Storage;

[Collection(StorageCollection.Name)]
public sealed class CatalogueTests(StorageServers servers)
{
    private const string Kind = "join-token";

    public static TheoryData<string> Kinds => StorageServers.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Two_silos_that_write_a_thousand_rows_at_once_lose_none(string kind)
    {
        var storage = await servers.NewAsync(kind);
        var another = await servers.AnotherAsync(kind, storage);
        Stores[] silos = [new(storage), new(another)];
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(() => silos[i % 2].Records.WriteAsync(Kind, $"{i:d4}", 0, new byte[] { 1 }, default))));
        // How many came together and shared a write is a matter of speed; each bucket's page was written at least once.
        Assert.True(storage.Writes + another.Writes - 1000 >= 4);
        var listed = await new Stores(storage).Records.ListAsync(Kind, default);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i:d4}"), listed.Select(row => row.Id));
    }

    [Fact]
    public async Task A_row_of_a_device_is_listed_in_the_bucket_of_the_device()
    {
        var stores = new Stores(await servers.NewAsync("redis"));
        var devices = Enumerable.Range(0, 40).Select(i => DeviceId.FromRootKey([(byte)i])).ToList();
        foreach (var device in devices) await stores.Records.WriteAsync("peers", device.Text, 0, default, default);
        foreach (var bucket in devices.Select(ClusterTwins.BucketOf).Distinct())
        {
            var listed = new List<string>();
            await foreach (var row in stores.Records.ReadBucketAsync("peers", bucket, default)) listed.Add(row.Id);
            Assert.Equal(devices.Where(device => ClusterTwins.BucketOf(device) == bucket).Select(device => device.Text).Order(), listed.Order());
        }
        Assert.Equal(40, (await stores.Records.ListAsync("peers", default)).Count);
    }

    [Theory]
    [InlineData(Kind, false)]
    [InlineData(Kind, true)]
    [InlineData("catalogue", false)]
    [InlineData("catalogue", true)]
    public async Task A_crash_between_the_id_and_its_row_leaves_nothing_that_anybody_sees(string row, bool persisted)
    {
        var storage = await servers.NewAsync("redis");
        var stores = new Stores(storage);
        await stores.Records.WriteAsync(Kind, "before", 0, default, default);
        (storage.Fails, storage.Persisted) = (row, persisted);
        await Assert.ThrowsAsync<IOException>(() => stores.Records.WriteAsync(Kind, "lost", 0, default, default));
        var there = row == Kind && persisted;
        Assert.Equal(there ? ["before", "lost"] : ["before"], (await new Stores(storage).Records.ListAsync(Kind, default)).Select(one => one.Id));
        if (there) await Assert.ThrowsAsync<StaleRecordException>(() => stores.Records.WriteAsync(Kind, "lost", 0, default, default));
        else await stores.Records.WriteAsync(Kind, "lost", 0, default, default);
        await stores.Records.WriteAsync(Kind, "later", 0, default, default);
        Assert.Equal(["before", "later", "lost"], (await stores.Records.ListAsync(Kind, default)).Select(one => one.Id));
        Assert.Empty(stores.Isolated);
    }

    [Fact]
    public async Task Ids_without_rows_leave_an_old_page_and_make_room_on_it()
    {
        var (storage, time) = (await servers.NewAsync("redis"), new ManualTime());
        var stores = new Stores(storage, time);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => stores.Records.WriteAsync(Kind, $"{i:d3}", 0, default, default)));
        Assert.Equal(300, await PagesAsync(stores, 0) + await PagesAsync(stores, 1));
        for (var i = 0; i < 300; i++) if (i != 150) await stores.Records.DeleteAsync(Kind, $"{i:d3}", 1, default);
        Assert.Single(await stores.Records.ListAsync(Kind, default));
        // A young page stays: an id may stand on it whose row is being written.
        Assert.Equal(300, await PagesAsync(stores, 0) + await PagesAsync(stores, 1));
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Single(await stores.Records.ListAsync(Kind, default));
        Assert.Equal(1, await PagesAsync(stores, 0) + await PagesAsync(stores, 1));
        await Task.WhenAll(Enumerable.Range(300, 400).Select(i => stores.Records.WriteAsync(Kind, $"{i:d3}", 0, default, default)));
        Assert.Equal(401, (await new Stores(storage).Records.ListAsync(Kind, default)).Count);
        Assert.Null(await stores.Rows.ReadAsync("catalogue", $"{Kind}/00/000002"));
    }

    [Fact]
    public async Task One_id_that_comes_and_goes_does_not_fill_pages()
    {
        var (storage, time) = (await servers.NewAsync("redis"), new ManualTime());
        var stores = new Stores(storage, time);
        for (var i = 0; i < 20; i++)
        {
            await stores.Records.WriteAsync(Kind, "a", 0, default, default);
            await stores.Records.DeleteAsync(Kind, "a", 1, default);
            time.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.Equal(1, await PagesAsync(stores, 0));
    }

    [Fact]
    public async Task A43_A_page_that_cannot_be_read_is_named_and_the_others_are_read_and_written()
    {
        var storage = await servers.NewAsync("redis");
        var stores = new Stores(storage);
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => stores.Records.WriteAsync(Kind, $"{i:d3}", 0, default, default)));
        await Stores.DamageAsync(storage, "catalogue", $"{Kind}/00/000001");
        var later = new Stores(storage);
        Assert.Equal(600 - CataloguePage.Most, (await later.Records.ListAsync(Kind, default)).Count);
        Assert.Equal(("catalogue", $"{Kind}/00/000001"), (later.Isolated[0].Kind, later.Isolated[0].Id));
        await Stores.DamageAsync(storage, "catalogue", $"{Kind}/00/000002");
        var last = new Stores(storage);
        await last.Records.WriteAsync(Kind, "new", 0, default, default);
        Assert.Contains("new", (await last.Records.ListAsync(Kind, default)).Select(row => row.Id));
    }

    [Fact]
    public async Task A43_A_row_that_cannot_be_read_is_named_and_the_others_are_listed()
    {
        var storage = await servers.NewAsync("redis");
        var stores = new Stores(storage);
        foreach (var id in (string[])["a", "b", "c"]) await stores.Records.WriteAsync(Kind, id, 0, default, default);
        await Stores.DamageAsync(storage, Kind, "b");
        Assert.Equal(["a", "c"], (await stores.Records.ListAsync(Kind, default)).Select(row => row.Id));
        Assert.Equal((Kind, "b"), (Assert.Single(stores.Isolated).Kind, stores.Isolated[0].Id));
    }

    [Fact]
    public async Task A_kind_without_a_catalogue_cannot_be_listed()
    {
        var stores = new Stores(await servers.NewAsync("redis"));
        await Assert.ThrowsAsync<ArgumentException>(() => stores.Records.ListAsync("serial", default));
    }

    private static async Task<int> PagesAsync(Stores stores, int page)
        => await stores.Rows.ReadAsync("catalogue", $"{Kind}/00/{page:d6}") is { } row ? CataloguePage.Decode(row.Payload).Ids.Count : 0;
}
