namespace TrustMesh.Tests.Agent;

/// <summary>A directory of one test, mode 0700, gone afterwards.</summary>
public sealed class Folder : IDisposable
{
    public Folder() => FullPath = Directory.CreateTempSubdirectory("trustmesh-agent-").FullName;

    public string FullPath { get; }

    public string this[string relative] => Path.Combine(FullPath, relative);

    /// <summary>Writes a file, with the directories above it.</summary>
    public string Write(string relative, string text)
    {
        var path = this[relative];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
