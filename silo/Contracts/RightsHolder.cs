namespace TrustMesh.Contracts;

/// <summary>Somebody or something that has grants: a person of the list, an API token, a group of the OpenID provider.</summary>
/// <param name="Kind">person, token, group.</param>
/// <param name="Stopped">Why they may do nothing at the moment; null if they may.</param>
public sealed record RightsHolder(string Who, string Kind, IReadOnlyList<Grant> Grants, string? Stopped = null)
{
    public const string Person = "person", Token = "token", Group = "group";

    /// <summary>People first, each kind by name. Tokens that have ended are left out: they come back no more.</summary>
    public static IReadOnlyList<RightsHolder> All(IEnumerable<OperatorView> people, IEnumerable<ApiTokenView> tokens, IEnumerable<GroupView> groups) =>
    [
        .. people.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => new RightsHolder(one.Name, Person, one.Grants, one.Disabled ? "disabled" : null)),
        .. tokens.Where(one => one.State is ApiTokenView.Active or ApiTokenView.Stopped).OrderBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => new RightsHolder(one.Name, Token, one.Grants, one.State == ApiTokenView.Stopped ? $"stopped: {one.CreatedBy}, who made it, is disabled" : null)),
        .. groups.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => new RightsHolder(one.Name, Group, one.Grants)),
    ];
}
