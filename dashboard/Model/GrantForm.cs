using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Rights as a form has them: per role above viewer, whether not, everywhere, or at some sites.</summary>
public sealed class GrantForm
{
    private GrantForm(IReadOnlyList<Line> lines) => Lines = lines;

    public IReadOnlyList<Line> Lines { get; }

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public string? Wrong => Lines.FirstOrDefault(line => line.Reach == "sites" && Sites(line.Sites).Count == 0) is { } empty ? $"Name the sites where {empty.Role} holds." : null;

    public static GrantForm Of(IReadOnlyList<Grant> grants) => new([.. Rights.Roles.Skip(1).Select(role => grants.FirstOrDefault(grant => grant.Role == role) switch
    {
        null => new Line(role),
        { Sites: null } => new Line(role) { Reach = "mesh" },
        { Sites: var sites } => new Line(role) { Reach = "sites", Sites = string.Join(", ", sites) },
    })]);

    /// <summary>Everybody may look, so viewer is always among them.</summary>
    public IReadOnlyList<Grant> Grants() =>
        [new Grant("viewer"), .. Lines.Where(line => line.Reach != "none").Select(line => new Grant(line.Role, line.Reach == "mesh" ? null : Sites(line.Sites)))];

    /// <summary>Names with commas or spaces between them.</summary>
    public static IReadOnlyList<string> Sites(string? text) =>
        [.. (text ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>One role of the form.</summary>
    public sealed class Line(string role)
    {
        public string Role { get; } = role;

        /// <summary>none, mesh, sites.</summary>
        public string Reach { get; set; } = "none";

        public string Sites { get; set; } = "";
    }
}
