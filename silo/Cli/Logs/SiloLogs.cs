using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Cli.Api;
using TrustMesh.Wire.Log;

namespace TrustMesh.Cli.Logs;

/// <summary>The logs as a silo serves them.</summary>
internal sealed class SiloLogs(SiloApi api) : ILogSource
{
    public async Task<byte[]> AuthorityAsync(CancellationToken ct)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(await api.AuthorityAsync(ct));
            return certificate.PublicKey.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException bad)
        {
            throw new CommandFailure(ExitCode.Failure, "The silo does not give its authority's certificate.", "Check that the address is that of a silo's operator listener.", bad);
        }
    }

    public async Task<IReadOnlyList<int>> LogsAsync(CancellationToken ct) => [.. (await api.LogsAsync(ct)).Select(log => log.Number)];

    public Task<byte[]?> CheckpointAsync(int log, CancellationToken ct) => api.LogFileAsync(log, "checkpoint", ct);

    public Task<byte[]?> TileAsync(int log, LogTile tile, CancellationToken ct) => api.LogFileAsync(log, tile.Path, ct);
}
