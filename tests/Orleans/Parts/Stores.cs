using Orleans;
using Orleans.Storage;
using TrustMesh.Orleans.Storage;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>What one silo has over a storage.</summary>
internal sealed class Stores
{
    public Stores(IGrainStorage storage, TimeProvider? time = null, int remembered = 1024)
    {
        Meter = new(time ?? TimeProvider.System);
        Rows = new(storage, Meter, remembered);
        Catalogue = new(Rows, time ?? TimeProvider.System, (kind, id, why) =>
        {
            lock (Isolated) Isolated.Add((kind, id, why));
        });
        (Records, Twins) = (new(Rows, Catalogue), new(Rows, Catalogue));
    }

    public StorageMeter Meter { get; }

    public Rows Rows { get; }

    public Catalogue Catalogue { get; }

    public ClusterRecords Records { get; }

    public ClusterTwins Twins { get; }

    /// <summary>Puts bytes that are none of ours in the place of a stored row.</summary>
    public static async Task DamageAsync(IGrainStorage storage, string kind, string id)
    {
        var state = new GrainState<RowBytes>();
        await storage.ReadStateAsync("row", RowName.Of(kind, id), state);
        Assert.NotNull(state.ETag);
        state.State = new() { Bytes = [0, 255] };
        await storage.WriteStateAsync("row", RowName.Of(kind, id), state);
    }

    /// <summary>What could not be read.</summary>
    public List<(string Kind, string Id, string Why)> Isolated { get; } = [];
}
