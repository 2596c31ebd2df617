using System.Text.RegularExpressions;

namespace TrustMesh.Tests.Architecture;

/// <summary>What is true of a silo is true of it over SQLite and in a cluster: its tests run over both, or it is written here why they do not.</summary>
public sealed partial class BothHostsTests
{
    /// <summary>Tests with a silo that run over the embedded host alone, a class or a folder, and why.</summary>
    private static readonly Dictionary<string, string> s_embeddedOnly = new()
    {
        ["Host/EmbeddedDirectoryTests"] = "it is the embedded host's own directory; a cluster's is Orleans itself",
        ["Host/SiloRouteTests"] = "it is about the one silo of no cluster; lists of several are in Orleans/Cluster, Orleans/Hosting and Orleans/Faults",
        ["Contracts/AgreementTests"] = "it is about who asks, and fills the index by hand; what answers is tested over both by QueryTests",
        ["Infra/PrepareTests"] = "it is about keys and certificates that a script makes, as every silo takes them",
        ["Agent"] = "the agent is tested there, against any silo; agents of a cluster run in Orleans/EndToEnd",
        ["Cli"] = "the shell is tested there, against any silo; what answers it is tested over both in Host",
        ["Dashboard"] = "the dashboard is tested there, against any silo; what answers it is tested over both in Host",
    };

    [Fact]
    public void Tests_of_a_silo_run_over_both_hosts_or_say_why_not()
    {
        var with = (from file in SourceTree.CSharp
                    where file.StartsWith("tests/", StringComparison.Ordinal) && !file.StartsWith("tests/Orleans/", StringComparison.Ordinal) && file.EndsWith("Tests.cs", StringComparison.Ordinal)
                    where Uses().IsMatch(SourceTree.Read(file))
                    select (Folder: file.Split('/')[1], Class: Path.GetFileNameWithoutExtension(file))).ToList();
        Assert.True(with.Count > 40, "the scan found too few tests to say anything");
        var clustered = (from file in SourceTree.CSharp
                         where file.StartsWith("tests/Orleans/Conformance/", StringComparison.Ordinal)
                         from Match match in Clustered().Matches(SourceTree.Read(file))
                         select match.Groups["of"].Value).ToHashSet();
        var excused = with.Where(one => s_embeddedOnly.ContainsKey(one.Folder) || s_embeddedOnly.ContainsKey($"{one.Folder}/{one.Class}")).ToList();
        Assert.Empty(with.Except(excused).Where(one => !clustered.Contains(one.Class)).Select(one => $"{one.Folder}/{one.Class} has no class [OverCluster] in Orleans/Conformance, and no reason here"));
        // A reason that outlived its tests hides the next ones of that name.
        Assert.Empty(s_embeddedOnly.Keys.Except(excused.SelectMany(one => (string[])[one.Folder, $"{one.Folder}/{one.Class}"])));
    }

    /// <summary>By itself, or beside a dashboard, or with a provider of identities.</summary>
    [GeneratedRegex(@"\bRunningSilo\b|\bRunningDashboard\.Beside|\bOidcSignIns\b")]
    private static partial Regex Uses();

    [GeneratedRegex(@"^\[OverCluster\b.*\]\r?\npublic sealed class \w+(?:\(.*\))? : (?<of>\w+)", RegexOptions.Multiline)]
    private static partial Regex Clustered();
}
