using System.Text.Json;
using System.Text.RegularExpressions;

namespace TrustMesh.Tests.Architecture;

/// <summary>Nothing in the repository says on which machine it was made or where packages come from.</summary>
public sealed partial class PlaceTests
{
    private static readonly string[] Texts = [".cs", ".razor", ".ts", ".js", ".mjs", ".css", ".md", ".json", ".csproj", ".props", ".targets", ".sln", ".sh", ".yml", ".service", ".txt", ".npmrc", ".config"];

    [Fact]
    public void No_file_names_a_folder_of_a_machine_it_was_made_on()
    {
        var wrong = from file in Scanned()
                    from Match match in MachinePath().Matches(SourceTree.Read(file))
                    select $"{file}: {match.Value}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_file_names_a_package_registry()
    {
        var wrong = from file in Scanned()
                    from Match match in Registry().Matches(SourceTree.Read(file))
                    select $"{file}: {match.Value}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Package_locks_pin_content_and_leave_the_place_to_the_machine()
    {
        foreach (var file in SourceTree.Files.Where(file => Path.GetFileName(file) == "package-lock.json"))
        {
            using var document = JsonDocument.Parse(SourceTree.Read(file));
            foreach (var package in document.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0))
            {
                Assert.False(package.Value.TryGetProperty("resolved", out _), $"{file}: {package.Name} names where it was fetched; remove \"resolved\".");
                Assert.True(package.Value.TryGetProperty("integrity", out _), $"{file}: {package.Name} has no integrity hash.");
            }
        }
    }

    [Fact]
    public void Scripts_are_executable()
        => Assert.All(new[] { "infra/run", "infra/test", ".ci/run" }, file =>
            Assert.True((File.GetUnixFileMode(Path.Combine(Parts.Repository.Root, file)) & UnixFileMode.UserExecute) != 0, $"{file} is not executable"));

    private static IEnumerable<string> Scanned()
        => SourceTree.Files.Where(file => Texts.Contains(Path.GetExtension(file)) || file.StartsWith("infra/", StringComparison.Ordinal) || file.StartsWith(".ci/", StringComparison.Ordinal))
            .Where(file => Path.GetFileName(file) != "PlaceTests.cs");

    [GeneratedRegex(@"(?<![\w.~-])/(root|work|home/\w+|Users/\w+)/[\w.-]*")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://[\w.-]*(nuget|npmjs|pypi|artifactory|nexus|jfrog)[\w.-]*", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();
}
