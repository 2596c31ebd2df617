using System.Text.Json;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli.Logs;

/// <summary>Checkpoints an auditor keeps, so that what was seen once cannot be taken back unnoticed: signed notes, checked again when they are used.</summary>
internal sealed record SavedCheckpoints(IReadOnlyList<string> Checkpoints)
{
    private const int LargestFile = 32 * 1024 * 1024;

    public static SavedCheckpoints Read(FileInfo file)
    {
        try
        {
            return JsonSerializer.Deserialize(Arguments.ReadBounded(file, LargestFile), CliJson.Default.SavedCheckpoints) is { Checkpoints: not null } saved && !saved.Checkpoints.Contains(null!) ? saved : throw new JsonException("null");
        }
        catch (JsonException bad)
        {
            throw new CommandFailure(ExitCode.Usage, $"{file.FullName} holds no checkpoints.", "Name a file that trustmesh log verify --save wrote.", bad);
        }
    }

    public Task WriteAsync(FileInfo file, CancellationToken ct) => File.WriteAllBytesAsync(file.FullName, JsonSerializer.SerializeToUtf8Bytes(this, CliJson.Default.SavedCheckpoints), ct);
}
