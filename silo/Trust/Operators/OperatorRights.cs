using TrustMesh.Contracts;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Operators;

/// <summary>
/// What a person may do and where. Reading is mesh-wide for everyone who may sign in: graph, feed, edges, events and the log are one picture that cannot be cut
/// by site without lying about it. Acting is by site.
/// </summary>
public sealed class OperatorRights
{
    /// <summary>Grants one person can have, and sites in all of them together (attack A42).</summary>
    public const int MostGrants = 8, MostSites = 64;

    private OperatorRights(IReadOnlyList<RoleGrant> grants) => Grants = grants;

    public IReadOnlyList<RoleGrant> Grants { get; }

    /// <summary>The highest role that holds for the whole mesh; whoever has any grant may look.</summary>
    public OperatorRole Everywhere => Grants.Where(grant => grant.Sites is null).Select(grant => grant.Role).Append(OperatorRole.Viewer).Max();

    /// <summary>The highest role that holds anywhere.</summary>
    public OperatorRole Anywhere => Grants.Max(grant => grant.Role);

    /// <summary>Such as <c>viewer, operator at oslo and bergen</c>.</summary>
    public string Text => string.Join(", ", Grants.Select(grant => Word(grant.Role) + (grant.Sites is null ? "" : $" at {string.Join(" and ", grant.Sites)}")));

    /// <summary>The highest role that holds for a device of this site.</summary>
    public OperatorRole At(string site)
        => Grants.Where(grant => grant.Sites is null || grant.Sites.Contains(site, StringComparer.Ordinal)).Select(grant => grant.Role).Append(OperatorRole.Viewer).Max();

    /// <summary>A role in the whole mesh.</summary>
    public static OperatorRights Of(OperatorRole role) => new([new(role, null)]);

    /// <summary>Grants of a row we wrote ourselves.</summary>
    public static OperatorRights Stored(IReadOnlyList<RoleGrant> grants) => new(grants);

    /// <summary>Grants somebody asks for, in one form: by role, sites by name, what says nothing new left out.</summary>
    /// <param name="wrong">A sentence, if the answer is null.</param>
    public static OperatorRights? Parse(IReadOnlyList<Grant>? asked, out string wrong)
    {
        wrong = "";
        if (asked is not { Count: >= 1 and <= MostGrants }) wrong = $"grants must be 1 to {MostGrants}.";
        else if (asked.Any(grant => Role(grant?.Role) is null)) wrong = "role must be viewer, operator, approver or admin.";
        else if (asked.Any(grant => grant.Sites is { Count: 0 })) wrong = "sites must name a site, or be left out for the whole mesh.";
        else if (asked.Sum(grant => grant.Sites?.Count ?? 0) > MostSites) wrong = $"sites are at most {MostSites} in all.";
        else if (asked.Any(grant => grant.Sites?.Any(site => !Grammar.IsName(site)) == true)) wrong = "a site must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.";
        if (wrong.Length > 0) return null;
        var grants = new List<RoleGrant>();
        foreach (var group in asked!.GroupBy(grant => Role(grant.Role)!.Value).OrderBy(group => group.Key))
            grants.Add(new(group.Key, group.Any(grant => grant.Sites is null) ? null : [.. group.SelectMany(grant => grant.Sites!).Distinct().Order(StringComparer.Ordinal)]));
        // What a person has everywhere contains every lower role.
        var everywhere = grants.Where(grant => grant.Sites is null).Select(grant => grant.Role).DefaultIfEmpty().Max();
        return new([.. grants.Where(grant => grant.Role > everywhere || grant.Role == everywhere && grant.Sites is null)]);
    }

    /// <summary>The API's form.</summary>
    public IReadOnlyList<Grant> View() => [.. Grants.Select(grant => new Grant(Word(grant.Role), grant.Sites))];

    public static OperatorRole? Role(string? word)
        => word switch { "viewer" => OperatorRole.Viewer, "operator" => OperatorRole.Operator, "approver" => OperatorRole.Approver, "admin" => OperatorRole.Admin, _ => null };

    public static string Word(OperatorRole role) => role.ToString().ToLowerInvariant();
}
