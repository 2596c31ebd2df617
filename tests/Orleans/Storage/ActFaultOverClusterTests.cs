using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Tests.Trust.Acts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Orleans.Storage;

/// <inheritdoc/>
[Collection(StorageCollection.Name)]
public sealed class ActFaultOverClusterTests(StorageServers servers) : ActFaultTests
{
    protected override async ValueTask<IRecordStore?> RowsAsync() => new Stores(await servers.NewAsync("redis")).Records;
}
