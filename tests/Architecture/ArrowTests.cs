using System.Text.RegularExpressions;
using System.Xml.Linq;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Architecture;

/// <summary>The arrows of the design (section 2): what a part may know. Another arrow is a decision, taken here and in a decision record.</summary>
public sealed partial class ArrowTests
{
    /// <summary>Folder of the part, its namespace, the parts it refers to, and those it may name (reached through the former).</summary>
    private static readonly (string Folder, string Name, string[] References, string[] MayName)[] Parts =
    [
        ("device-runtime/Wire", "Wire", [], []),
        ("device-runtime/Verifier", "Verifier", ["Wire"], ["Wire"]),
        ("device-runtime/Roots", "Roots", ["Wire"], ["Wire"]),
        ("device-runtime/Agent", "Agent", ["Wire", "Roots", "Verifier"], ["Wire", "Roots", "Verifier"]),
        ("silo/Contracts", "Contracts", [], []),
        ("silo/Trust", "Trust", ["Verifier", "Contracts"], ["Wire", "Verifier", "Contracts"]),
        ("silo/Orleans", "Orleans", ["Trust"], ["Wire", "Verifier", "Contracts", "Trust"]),
        // Only with -p:TrustMeshOrleans=true.
        ("silo/Host", "Host", ["Trust", "Orleans"], ["Wire", "Verifier", "Contracts", "Trust", "Orleans"]),
        // A silo with simulated devices, for looking and for measuring; nothing refers to it.
        ("silo/Fleet", "Fleet", ["Host"], ["Wire", "Verifier", "Contracts", "Trust", "Host"]),
        ("silo/Cli", "Cli", ["Contracts", "Verifier"], ["Wire", "Verifier", "Contracts"]),
        ("dashboard", "Dashboard", ["Contracts"], ["Contracts"]),
    ];

    public static TheoryData<string> Folders => [.. Parts.Select(part => part.Folder)];

    [Theory, MemberData(nameof(Folders))]
    public void A_project_refers_to_no_other_than_the_design_draws(string folder)
    {
        var part = Parts.Single(one => one.Folder == folder);
        var project = SourceTree.Files.Single(file => file.EndsWith($"TrustMesh.{part.Name}.csproj", StringComparison.Ordinal));
        var references = XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))["TrustMesh.".Length..]);
        var more = references.Except(part.References).ToList();
        Assert.True(more.Count == 0, $"{project} has an arrow to {string.Join(", ", more)} that the design does not have.");
    }

    [Theory, MemberData(nameof(Folders))]
    public void A_source_names_no_part_that_the_design_does_not_lead_it_to(string folder)
    {
        var part = Parts.Single(one => one.Folder == folder);
        var others = Parts.Select(one => one.Name).Except(part.MayName).Except([part.Name]).ToList();
        var sources = SourceTree.Files.Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal) && (file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(sources);
        var wrong = from source in sources
                    from Match match in PartName().Matches(SourceTree.Read(source))
                    where others.Contains(match.Groups["part"].Value)
                    select $"{source} names TrustMesh.{match.Groups["part"].Value}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void What_was_built_refers_to_what_the_design_draws()
    {
        foreach (var part in Parts.Where(one => one.Name is not ("Dashboard" or "Orleans")))
        {
            var assembly = System.Reflection.Assembly.Load(part.Name switch { "Agent" => "trustmesh-agent", "Host" => "trustmesh-silo", "Fleet" => "trustmesh-fleet", "Cli" => "trustmesh", var name => "TrustMesh." + name });
            var named = assembly.GetReferencedAssemblies().Select(one => one.Name!).Where(name => name.StartsWith("TrustMesh.", StringComparison.Ordinal) || name.StartsWith("trustmesh", StringComparison.Ordinal));
            Assert.Empty(named.Select(name => name == "trustmesh-silo" ? "Host" : name["TrustMesh.".Length..]).Except(part.MayName));
        }
    }

    [Fact]
    public void Every_project_of_the_solution_is_drawn()
    {
        var projects = SourceTree.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && !file.StartsWith("tests/", StringComparison.Ordinal));
        Assert.All(projects, file => Assert.Contains(Parts, part => file.StartsWith(part.Folder + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Wire_and_Verifier_touch_no_file_no_network_and_no_clock()
    {
        string[] refused = ["File.", "Directory.", "HttpClient", "Socket", "Process.", "DateTime.UtcNow", "DateTime.Now", "DateTimeOffset.UtcNow", "DateTimeOffset.Now", "Environment.", "Stopwatch", "Console."];
        var wrong = from source in SourceTree.Product
                    where source.StartsWith("device-runtime/Wire/", StringComparison.Ordinal) || source.StartsWith("device-runtime/Verifier/", StringComparison.Ordinal)
                    from line in SourceTree.Lines(source)
                    where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                    from word in refused
                    where Regex.IsMatch(line, $@"(?<![A-Za-z.]){Regex.Escape(word)}")
                    select $"{source}: {word}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"(?<![A-Za-z.""])TrustMesh\.(?<part>Wire|Verifier|Roots|Agent|Contracts|Trust|Orleans|Host|Fleet|Cli|Dashboard)\b")]
    private static partial Regex PartName();
}
