using System.Text;
using TrustMesh.Trust.Records;

namespace TrustMesh.Host;

/// <summary>The name of a mesh is fixed at its first start: it is in every certificate and statement.</summary>
internal static class MeshName
{
    /// <summary>Throws <see cref="InvalidDataException"/> if the state is of another mesh.</summary>
    public static async Task CheckAsync(IRecordStore records, string mesh, CancellationToken cancellation)
    {
        if (await records.ReadAsync("mesh", "name", cancellation) is not { } row)
        {
            try
            {
                await records.WriteAsync("mesh", "name", 0, Encoding.UTF8.GetBytes(mesh), cancellation);
                return;
            }
            catch (StaleRecordException)
            {
                // Another silo of the mesh starts at the same moment.
                row = await records.ReadAsync("mesh", "name", cancellation) ?? throw new InvalidDataException("The storage forgot what was just written; check it.");
            }
        }
        var stored = Encoding.UTF8.GetString(row.Value.Span);
        if (stored != mesh) throw new InvalidDataException($"The state directory is of the mesh {stored}, not {mesh}. Use --mesh {stored}, or another --state directory.");
    }
}
