using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Architecture;

/// <summary>The files of the project as they are in the repository: without what builds and packages put there.</summary>
internal static class SourceTree
{
    private static readonly string[] Made = ["bin", "obj", "node_modules", ".git", "_framework", ".state", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".idea"];

    // What esbuild writes; its sources are beside it under dashboard/Graph.
    private static readonly string[] MadeFolders = ["dashboard/wwwroot/graph"];

    /// <summary>Every file, as path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Repository.Root).Select(Relative)];

    /// <summary>C# sources that ship.</summary>
    public static IEnumerable<string> Product => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !file.StartsWith("tests/", StringComparison.Ordinal));

    /// <summary>All C# sources.</summary>
    public static IEnumerable<string> CSharp => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Repository.Root, file));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var child in Directory.EnumerateDirectories(folder))
            if (!Made.Contains(Path.GetFileName(child)) && !MadeFolders.Contains(Relative(child)))
                foreach (var file in Walk(child)) yield return file;
    }

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
}
