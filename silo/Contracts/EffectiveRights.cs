namespace TrustMesh.Contracts;

/// <summary>
/// What grants come to at a place, by the rule the silo enforces: the highest role of all grants for the whole mesh and of those that name the site, and everybody who may
/// sign in may look (API.md). Pure; the silo asks nothing of it, it is for people who want to know.
/// </summary>
public static class EffectiveRights
{
    private static readonly string[] s_roles = ["viewer", "operator", "approver", "admin"];

    /// <summary>Everybody in the whole mesh; with a site everybody there; with a name that one everywhere; with both one line.</summary>
    /// <param name="sites">That there are; sites that only grants name are added.</param>
    public static IReadOnlyList<RightsLine> Of(IReadOnlyCollection<RightsHolder> holders, IEnumerable<string> sites, string? who, string? site)
    {
        var meant = holders.Where(holder => who is null || holder.Who == who).ToList();
        var places = site is not null ? [site] : who is null ? (string?[])[null]
            : [null, .. sites.Concat(meant.SelectMany(holder => holder.Grants).SelectMany(grant => grant.Sites ?? [])).Distinct().Order(StringComparer.Ordinal)];
        return [.. from place in places from holder in meant select Of(holder, place)];
    }

    /// <param name="site">Null: what concerns the mesh as a whole.</param>
    public static RightsLine Of(RightsHolder holder, string? site)
    {
        var best = holder.Grants.Where(grant => Rank(grant.Role) >= 0 && (grant.Sites is null || (site is not null && grant.Sites.Contains(site, StringComparer.Ordinal)))).MaxBy(grant => Rank(grant.Role));
        // Who has nothing but a site elsewhere may still look here.
        var role = best?.Role ?? "viewer";
        return new(holder.Who, holder.Kind, site, role, May(role, site, holder.Kind), best is null ? "everybody who may sign in may look" : Text(best), holder.Stopped);
    }

    /// <summary>Such as <c>operator at oslo, bergen</c>, or <c>admin of the whole mesh</c>.</summary>
    public static string Text(Grant grant) => grant.Sites is null ? $"{grant.Role} of the whole mesh" : $"{grant.Role} at {string.Join(", ", grant.Sites)}";

    private static string May(string role, string? site, string kind)
    {
        var may = (role, site) switch
        {
            ("operator", null) => "acknowledge and silence alerts, save queries; at every site suspend, resume, revoke and tag devices and make join tokens",
            ("operator", _) => "suspend, resume, revoke and tag devices, make join tokens",
            ("approver", null) => "what an operator may, set approval rules, and at every site let devices in or turn them away",
            ("approver", _) => "what an operator may, and let devices in or turn them away",
            ("admin", null) => "everything: policy, reference values, people, tokens, webhooks, rules",
            ("admin", _) => "what an approver may",
            _ => "look",
        };
        return kind == RightsHolder.Token && role != "viewer" ? $"{may}; nothing that is for people alone" : may;
    }

    private static int Rank(string role) => Array.IndexOf(s_roles, role);
}
