namespace TrustMesh.Trust.Operators;

/// <summary>Whom an identity provider vouches for, verified.</summary>
/// <param name="Subject">Issuer and the provider's own id of the person: what they are known by, whatever they are called.</param>
/// <param name="Name">A name of our grammar; empty where the provider was only asked again.</param>
/// <param name="Rights">Of the groups they are in; null for none that counts here.</param>
/// <param name="Nonce">As the token carries it; empty where the provider was only asked again and put none in.</param>
/// <param name="Until">When the token ends.</param>
/// <param name="Sid">The provider's own session; null if it does not say.</param>
public sealed record FederatedPerson(string Subject, string Name, OperatorRights? Rights, ReadOnlyMemory<byte> Nonce, DateTimeOffset Until, string? Sid = null);
