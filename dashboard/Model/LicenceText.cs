namespace TrustMesh.Dashboard.Model;

/// <summary>One package's licence of the list the build leaves beside the bundles (<c>Build/licences.mjs</c>).</summary>
public sealed record LicenceText(string Title, string Text)
{
    /// <summary>In the order of the list.</summary>
    public static IReadOnlyList<LicenceText> Parse(string list) =>
        [.. list.ReplaceLineEndings("\n").Split("\n----\n\n", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split("\n\n", 2)).Select(part => new LicenceText(part[0].Trim(), part.Length > 1 ? part[1].Trim() : ""))];
}
