using TrustMesh.Host.Embedded;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust;

public sealed class SqliteRecordStoreTests : RecordStoreConformance, IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-db-").FullName;
    private SqliteDatabase database = null!;

    protected override IRecordStore Store => new SqliteRecordStore(database);

    public ValueTask InitializeAsync()
    {
        database = new(Path.Combine(folder, "test.db"), TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, true);
    }
}
