using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Faults;

/// <inheritdoc/>
[Collection(FaultOnRedisCollection.Name)]
public sealed class StorageOnRedisTests(TwoSilosOnRedis fixture) : StorageFaults(fixture);
