namespace TrustMesh.Contracts;

/// <summary>Answer to making an API token: the only time its text is shown.</summary>
/// <param name="Secret"><c>tma_NAME_</c> and base64url of 32 random bytes; sent as <c>Authorization: Bearer</c>.</param>
public sealed record ApiTokenMade(ApiTokenView Token, string Secret);
