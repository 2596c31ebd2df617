using System.Text;

namespace TrustMesh.Cli.Api;

/// <summary>
/// An API token from <c>TRUSTMESH_API_TOKEN_FILE</c> or <c>TRUSTMESH_API_TOKEN</c>, never from an argument, which every user of the machine could read (attack
/// A47). Where there is one it is used instead of a session.
/// </summary>
internal static class ApiToken
{
    public const string Prefix = "tma_", Variable = "TRUSTMESH_API_TOKEN", FileVariable = "TRUSTMESH_API_TOKEN_FILE";

    private const int Longest = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Null where neither is set.</summary>
    public static string? Of(Surroundings surroundings) => (surroundings.Variable(FileVariable), surroundings.Variable(Variable)) switch
    {
        (null, null) => null,
        (null, { } text) => Checked(text, Variable),
        ({ } file, null) => Checked(Read(Path.GetFullPath(file)), Path.GetFullPath(file)),
        _ => throw new CommandFailure(ExitCode.Usage, $"{FileVariable} and {Variable} are both set.", "Unset one; the file is the safer place."),
    };

    /// <summary>A file for a new token, its owner's alone from the first byte on (attack A45); one that is there is never written over.</summary>
    public static FileStream CreateFile(FileInfo file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            return new(file.FullName, options);
        }
        catch (IOException) when (File.Exists(file.FullName))
        {
            throw new CommandFailure(ExitCode.Usage, $"There is a file {file.FullName} already.", "Name a new one; nothing was made.");
        }
    }

    private static string Read(string path)
    {
        if (!File.Exists(path)) throw new CommandFailure(ExitCode.Usage, $"There is no file {path}, which {FileVariable} names.", "Make a token: trustmesh api-token create NAME ROLE -o FILE");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        // Of the file that is read, not of whatever has its name a moment later.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & ~OwnerOnly) != 0)
            throw new CommandFailure(ExitCode.Failure, $"The API token file {path} is open to other users.", $"Run: chmod 600 '{path}'");
        var bytes = new byte[Longest + 1];
        return Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    /// <summary>Said of a mistake here, and not by a silo that got somebody's other secret.</summary>
    private static string Checked(string text, string from)
        => text.Trim() is { Length: <= Longest } token && token.StartsWith(Prefix, StringComparison.Ordinal) && token.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-' or '.') ? token
            : throw new CommandFailure(ExitCode.Usage, $"{from} holds no API token.", $"One begins with {Prefix} and stands alone in its file.");
}
