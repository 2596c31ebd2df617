namespace TrustMesh.Verifier;

/// <summary>What a passkey ceremony has to be about.</summary>
/// <param name="Origin">Of the page that was served, such as <c>https://mesh.example</c>.</param>
/// <param name="RpId">Whom the credential is for, such as <c>mesh.example</c>.</param>
/// <param name="Challenge">Why a challenge does not count; null if it is one we gave for this and it still counts.</param>
public sealed record PasskeyExpectation(string Origin, string RpId, Func<ReadOnlyMemory<byte>, string?> Challenge);
