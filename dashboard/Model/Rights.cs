using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>What a user may do and where, for showing it; the silo enforces it.</summary>
/// <param name="Role">The highest role for the whole mesh: viewer, operator, approver, admin; anything else may only look.</param>
/// <param name="Grants">All of them; null where only the role is known.</param>
public sealed record Rights(string Name, string Role, IReadOnlyList<Grant>? Grants = null)
{
    private static readonly string[] s_roles = ["viewer", "operator", "approver", "admin"];

    /// <summary>From the least to the most; each includes the ones before it.</summary>
    public static IReadOnlyList<string> Roles => s_roles;

    /// <summary>May operate on some device.</summary>
    public bool MayOperate => All.Any(grant => Rank(grant.Role) >= Rank("operator"));

    public bool MayAdminister => May("admin", null);

    /// <summary>Why a button of an operator is for no device of this user; null if there is one.</summary>
    public string? OperateMissing => MayOperate ? null : $"Needs operator; you are signed in as {Words}.";

    /// <summary>Why a button of an admin is not for this user; null if it is.</summary>
    public string? AdministerMissing => Missing("admin", null);

    /// <summary>Such as <c>viewer, operator at oslo and bergen</c>.</summary>
    public string Words => All.Count == 0 ? "nobody" : Text(All);

    public static string Text(IEnumerable<Grant> grants) => string.Join(", ", grants.Select(grant => grant.Role + (grant.Sites is null ? "" : $" at {string.Join(" and ", grant.Sites)}")));

    /// <param name="site">Of the device; null: it concerns the whole mesh.</param>
    public bool May(string role, string? site) =>
        All.Any(grant => Rank(grant.Role) >= Rank(role) && (grant.Sites is null || (site is not null && grant.Sites.Contains(site, StringComparer.Ordinal))));

    /// <summary>Which right is missing; null if none is.</summary>
    /// <param name="site">Of the device; null: it concerns the whole mesh.</param>
    public string? Missing(string role, string? site) =>
        May(role, site) ? null : $"Needs {role} {(site is null ? "for the whole mesh" : $"for site {NameText.Plain(site)}")}; you are signed in as {Words}.";

    /// <summary>Which right is missing to decide this about a device; null if none is.</summary>
    /// <param name="act">approve, suspend, resume, revoke.</param>
    public string? MissingTo(string act, string standing, string site) => Missing(act == "approve" || standing == "pending" ? "approver" : "operator", site);

    private IReadOnlyList<Grant> All => Grants ?? (Role.Length == 0 ? [] : [new Grant(Role)]);

    private static int Rank(string role) => Array.IndexOf(s_roles, role);
}
