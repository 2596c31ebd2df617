using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Cli.Logs;

/// <summary>
/// Logs as files, one folder each by its number with the paths of C2SP tlog-tiles below it, and the authority's certificate beside them. Any web server
/// can serve them as they are.
/// </summary>
internal sealed class LogFolder(DirectoryInfo folder) : ILogSource
{
    private const string Certificate = "authority.pem";

    /// <summary>More than any file of a log has.</summary>
    private const int LargestFile = 1024 * 1024;

    public Task<byte[]> AuthorityAsync(CancellationToken ct)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, Certificate));
        if (!file.Exists) throw new CommandFailure(ExitCode.Usage, $"{file.FullName} is not there.", "Name a folder that trustmesh log export wrote.");
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(Arguments.ReadBounded(file, LargestFile)));
            return Task.FromResult(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException bad)
        {
            throw new CommandFailure(ExitCode.Failure, $"{file.FullName} holds no certificate.", "Export the log again.", bad);
        }
    }

    public Task<IReadOnlyList<int>> LogsAsync(CancellationToken ct)
        => Task.FromResult<IReadOnlyList<int>>([.. folder.EnumerateDirectories().Where(one => int.TryParse(one.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(one => int.Parse(one.Name, CultureInfo.InvariantCulture)).Order()]);

    public Task<byte[]?> CheckpointAsync(int log, CancellationToken ct) => Read(log, "checkpoint");

    public Task<byte[]?> TileAsync(int log, LogTile tile, CancellationToken ct) => Read(log, tile.Path);

    /// <summary>Writes everything that a source has under its present checkpoints. Returns how many entries.</summary>
    public async Task<long> TakeAsync(ILogSource source, string certificate, CancellationToken ct)
    {
        folder.Create();
        var entries = 0L;
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, Certificate), certificate, ct);
        foreach (var log in await source.LogsAsync(ct))
        {
            if (await source.CheckpointAsync(log, ct) is not { } note) continue;
            var size = SizeOf(note);
            foreach (var tile in LogTile.Entries(size).Concat(LogTile.Hashes(size)))
                await WriteAsync(log, tile.Path, await source.TileAsync(log, tile, ct) ?? throw new CommandFailure(ExitCode.Failure, $"The silo does not give {tile.Path} of log {log}.", "Run: trustmesh log verify"), ct);
            // Last: a folder with a checkpoint has everything below it.
            await WriteAsync(log, "checkpoint", note, ct);
            entries += size;
        }
        return entries;
    }

    private static long SizeOf(byte[] note)
    {
        try
        {
            return Checkpoint.Decode(SignedNote.Decode(note).Text).Size;
        }
        catch (WireException bad)
        {
            throw new CommandFailure(ExitCode.Failure, $"The silo's checkpoint cannot be read ({bad.Message}).", "Run: trustmesh log verify", bad);
        }
    }

    private async Task WriteAsync(int log, string path, byte[] bytes, CancellationToken ct)
    {
        var file = new FileInfo(PathOf(log, path));
        file.Directory!.Create();
        await File.WriteAllBytesAsync(file.FullName, bytes, ct);
    }

    private Task<byte[]?> Read(int log, string path)
    {
        var file = new FileInfo(PathOf(log, path));
        return Task.FromResult(file.Exists ? Arguments.ReadBounded(file, LargestFile) : null);
    }

    private string PathOf(int log, string path) => Path.Combine([folder.FullName, log.ToString(CultureInfo.InvariantCulture), .. path.Split('/')]);
}
