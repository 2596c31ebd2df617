using System.Text.RegularExpressions;
using TrustMesh.Dashboard.Hosting;
using SiloCommandLine = TrustMesh.Host.Settings.CommandLine;

namespace TrustMesh.Tests.Infra;

/// <summary>What silo and dashboard take, as their own help says it.</summary>
internal static partial class ProgramOptions
{
    public static IReadOnlySet<string> Silo { get; } = new HashSet<string>(In(SiloCommandLine.Help));

    public static IReadOnlySet<string> Dashboard { get; } = new HashSet<string>(In(DashboardSettings.Help));

    /// <summary>A key of silo.json or of TRUSTMESH__…: the option without its dashes, or a limit.</summary>
    public static bool IsSiloKey(string key)
        => Silo.Any(option => string.Equals(option.Replace("-", "", StringComparison.Ordinal), key, StringComparison.OrdinalIgnoreCase))
            || (key.StartsWith("Limits:", StringComparison.OrdinalIgnoreCase)
                && typeof(TrustMesh.Host.Settings.LimitSettings).GetProperties().Any(limit => string.Equals(limit.Name, key["Limits:".Length..], StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<string> In(string help) => Option().Matches(help).Select(match => match.Value);

    [GeneratedRegex(@"(?<=^ +)--[a-z][a-z-]*", RegexOptions.Multiline)]
    private static partial Regex Option();
}
