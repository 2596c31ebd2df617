namespace TrustMesh.Trust.Operators;

/// <summary>A session; the row's id is the hash of its token. What it may do is looked up by its name, never here.</summary>
/// <param name="Role">Of the time it was made; silos from before there was a list of people read it.</param>
/// <param name="How">code, passkey or oidc; null in rows from before it was kept, likewise <paramref name="StartedAt"/>.</param>
/// <param name="Word">Of the identity provider, with oidc; a row of before it was kept counts no more.</param>
internal sealed record StoredSession(string Name, OperatorRole Role, DateTimeOffset ExpiresAt, DateTimeOffset? StartedAt = null, string? How = null, StoredWord? Word = null)
{
    internal const string Federated = "oidc";

    /// <summary>It has not ended, and where a provider vouched for it that word still holds.</summary>
    internal bool Counts(DateTimeOffset now) => ExpiresAt > now && (How != Federated || Word is { } word && word.Until > now);
}
