using TrustMesh.Wire.Log;

namespace TrustMesh.Cli.Logs;

/// <summary>Where a mesh's logs are read from: a silo, or files. Nothing it gives is believed.</summary>
internal interface ILogSource
{
    /// <summary>SubjectPublicKeyInfo of the mesh authority, as the source says; the pin decides whether it is.</summary>
    Task<byte[]> AuthorityAsync(CancellationToken ct);

    /// <summary>Numbers of the logs there are.</summary>
    Task<IReadOnlyList<int>> LogsAsync(CancellationToken ct);

    /// <summary>The signed note; null if there is none.</summary>
    Task<byte[]?> CheckpointAsync(int log, CancellationToken ct);

    /// <summary>Hashes or entries of a tile; null if it has none.</summary>
    Task<byte[]?> TileAsync(int log, LogTile tile, CancellationToken ct);
}
