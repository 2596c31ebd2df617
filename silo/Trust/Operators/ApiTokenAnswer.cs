namespace TrustMesh.Trust.Operators;

/// <summary>What an API token is worth now.</summary>
/// <param name="Identity">Whose it is; null if it does not count.</param>
/// <param name="Why">Why not, in a sentence for whoever has its text; null where nobody has shown that they do, who then learns nothing.</param>
public sealed record ApiTokenAnswer(OperatorIdentity? Identity, string? Why)
{
    internal static ApiTokenAnswer Unknown { get; } = new(null, null);
}
