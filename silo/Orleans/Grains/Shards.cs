using TrustMesh.Orleans.Storage;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Grains;

/// <summary>How devices are spread over the shards of the index: by their id, for ever.</summary>
internal static class Shards
{
    /// <summary>A divisor of <see cref="Catalogue.Buckets"/>: a shard is whole buckets of the catalogue.</summary>
    public const int Count = 32;

    public static int Of(DeviceId device) => ClusterTwins.BucketOf(device) % Count;

    /// <summary>The catalogue's buckets a shard is made of.</summary>
    public static IEnumerable<int> Buckets(int shard) => Enumerable.Range(0, Catalogue.Buckets).Where(bucket => bucket % Count == shard);
}
