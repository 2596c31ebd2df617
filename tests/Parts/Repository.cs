namespace TrustMesh.Tests.Parts;

/// <summary>Where things are on disk, found from the test assembly upwards.</summary>
public static class Repository
{
    /// <summary>The folder of TrustMesh.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A public vector file or folder; skips the test, saying so, where the vectors are not there.</summary>
    public static string Vector(params string[] path)
    {
        var vectors = Path.GetFullPath(Path.Combine(Root, "..", "shared", "vectors"));
        Assert.SkipUnless(Directory.Exists(vectors), "the public vectors (../shared/vectors) are not on this machine");
        return Path.Combine([vectors, .. path]);
    }

    private static string Find()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "TrustMesh.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("TrustMesh.sln is not above the test assembly.");
        return at;
    }
}
