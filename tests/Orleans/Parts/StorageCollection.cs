namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>Tests that share the servers of <see cref="StorageServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class StorageCollection : ICollectionFixture<StorageServers>
{
    public const string Name = "storages";
}
