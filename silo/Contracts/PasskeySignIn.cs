namespace TrustMesh.Contracts;

/// <summary>A passkey's answer to a challenge as the browser gave it. Bytes are base64url.</summary>
/// <param name="Binding">As at the beginning; likewise <paramref name="Origin"/>.</param>
/// <param name="UserHandle">Whose the authenticator says it is.</param>
public sealed record PasskeySignIn(string Origin, string Binding, string CredentialId, string UserHandle, string ClientData, string AuthenticatorData, string Signature);
