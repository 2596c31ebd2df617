using TrustMesh.Host.Embedded;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Tests.Trust;

public sealed class SqliteTwinStoreTests : TwinStoreConformance, IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-db-").FullName;
    private SqliteDatabase database = null!;

    protected override ITwinStore Store => new SqliteTwinStore(database);

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
