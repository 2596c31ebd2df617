using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>Files for the user of the demo alone: mode 0600 from the first byte on.</summary>
[SupportedOSPlatform("linux")]
internal static class PrivateFile
{
    /// <summary>Writes a file anew; one that is there is removed first, and with it the mode it had.</summary>
    public static async Task WriteAsync(string file, string text, CancellationToken ct)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync(text.AsMemory(), ct);
    }
}
