using System.Text.Json;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli.Api;

/// <summary>
/// The token file: <c>$TRUSTMESH_TOKEN_FILE</c>, else <c>trustmesh/token.json</c> in the configuration folder. Mode 0600 from its
/// first byte, replaced atomically, not read when others could have written or read it (attack A45).
/// </summary>
internal sealed class SessionFile(string file)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static SessionFile Of(Surroundings surroundings)
    {
        if (surroundings.Variable("TRUSTMESH_TOKEN_FILE") is { } file) return new(file);
        var home = surroundings.Variable("XDG_CONFIG_HOME")
            ?? Path.Combine(surroundings.Variable("HOME") ?? throw new CommandFailure(ExitCode.Failure, "There is no home folder to keep the session in.", "Set TRUSTMESH_TOKEN_FILE."), ".config");
        return new(Path.Combine(home, "trustmesh", "token.json"));
    }

    public string FullPath { get; } = Path.GetFullPath(file);

    public SavedSessions Read()
    {
        if (!File.Exists(FullPath)) return SavedSessions.None;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(FullPath) & ~OwnerOnly) != 0)
            throw new CommandFailure(ExitCode.Failure, $"The token file {FullPath} is open to other users.", $"Run: chmod 600 '{FullPath}', or sign in again.");
        try
        {
            using var stream = File.OpenRead(FullPath);
            return JsonSerializer.Deserialize(stream, CliJson.Default.SavedSessions) is { Silos: not null } sessions ? sessions : SavedSessions.None;
        }
        catch (JsonException e)
        {
            throw new CommandFailure(ExitCode.Failure, $"The token file {FullPath} cannot be read.", "Delete it and sign in again.", e);
        }
    }

    public void Write(SavedSessions sessions)
    {
        var folder = Path.GetDirectoryName(FullPath)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var draft = $"{FullPath}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(stream, sessions, CliJson.Default.SavedSessions);
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, FullPath, overwrite: true);
    }
}
