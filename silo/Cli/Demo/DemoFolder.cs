using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>Where everything of one demo lies. Private (0700); used by one run at a time.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoFolder : IDisposable
{
    /// <summary>sockaddr_un has room for 107 characters; a TPM's socket and its control socket have to fit.</summary>
    private const int LongestSocket = 107, LongestSocketName = 24;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly bool temporary;
    private readonly FileStream held;
    private string? sockets;

    private DemoFolder(string path, bool temporary, FileStream held) => (Path, this.temporary, this.held) = (path, temporary, held);

    public string Path { get; }

    public string Token => At("token.json");

    public string JoinToken => At("join-token");

    /// <param name="path">Null for a temporary one.</param>
    public static DemoFolder Open(string? path)
    {
        var full = path is null ? Directory.CreateTempSubdirectory("trustmesh-").FullName : System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(full, Private);
        try
        {
            var held = new FileStream(System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new(full, path is null, held);
        }
        catch (IOException busy)
        {
            throw new DemoFailure($"{full} is in use by another run. End that one, or choose another --state.", busy);
        }
    }

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A folder in it, made if need be.</summary>
    public string Folder(params string[] parts)
    {
        var folder = At(parts);
        Directory.CreateDirectory(folder, Private);
        return folder;
    }

    public string Log(string name) => System.IO.Path.Combine(Folder("logs"), name + ".log");

    /// <summary>A path for a Unix socket; outside this folder where its path is too long for one.</summary>
    public string Socket(string name)
    {
        sockets ??= Path.Length + 1 + "run/".Length + LongestSocketName <= LongestSocket ? Folder("run") : Directory.CreateTempSubdirectory("trustmesh-").FullName;
        return System.IO.Path.Combine(sockets, name);
    }

    /// <summary>Removes a file of an earlier run whose appearance is waited for.</summary>
    public string Fresh(string file)
    {
        File.Delete(file);
        return file;
    }

    public void Dispose()
    {
        held.Dispose();
        if (sockets is not null) Directory.Delete(sockets, recursive: true);
        if (temporary) Directory.Delete(Path, recursive: true);
    }
}
