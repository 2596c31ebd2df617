namespace TrustMesh.Trust.Records;

/// <summary>
/// What is special about kinds of rows, said once for every store: a cluster's storage has to be told beforehand which rows somebody will want to list, and the
/// place of acts which rows they change. A kind that is not declared here is refused by every store alike, so that forgetting one fails wherever it is used first.
/// </summary>
public static class RecordKinds
{
    private static readonly HashSet<string> ListedKinds =
    [
        "alert", "alert-rule", "alert-silence", "api-token", "first-seen", "join-token", "oidc-logout", "operator-code", "operator-passkey", "operator-session", "passkey-used", "peer-address", "peers",
        "reference", "revocation-request", "saved-query", "webhook",
    ];

    private static readonly HashSet<string> ActedOnKinds =
    [
        "alert", "alert-rule", "alert-silence", "api-token", "approval-rules", "join-token", "operator-book", "operator-code", "operator-passkey", "operator-session", "policy", "reference", "revocation-request",
        "revocation-rule", "saved-query", "webhook", "webhook-box",
    ];

    /// <summary>Kinds that are told when a row of theirs cannot be read: without it, something would be begun a second time, or somebody forgotten.</summary>
    private static readonly HashSet<string> IrreplaceableKinds = ["act", "catalogue", "log-head", "mesh", "policy", "serial", "status"];

    /// <summary>Kinds that can be listed, by name.</summary>
    public static IReadOnlyCollection<string> Listed => ListedKinds;

    /// <summary>Rows of this kind can be listed.</summary>
    public static bool IsListed(string kind) => ListedKinds.Contains(kind);

    /// <summary>Rows of this kind are changed by acts, which the mesh's log tells.</summary>
    public static bool IsActedOn(string kind) => ActedOnKinds.Contains(kind);

    /// <summary>A row of this kind comes back from a backup or not at all; deleting it makes things worse.</summary>
    public static bool IsIrreplaceable(string kind) => IrreplaceableKinds.Contains(kind);

    /// <summary>Throws <see cref="ArgumentException"/> for a kind that cannot be listed.</summary>
    public static void DemandListed(string kind)
    {
        if (!IsListed(kind)) throw new ArgumentException($"Rows of kind {kind} cannot be listed; a kind that is to be listed has to stand in {nameof(RecordKinds)} before its first row is written.", nameof(kind));
    }
}
