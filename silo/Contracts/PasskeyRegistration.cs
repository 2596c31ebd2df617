namespace TrustMesh.Contracts;

/// <summary>A new passkey as the browser gave it. Bytes are base64url.</summary>
/// <param name="Binding">As at the beginning; likewise <paramref name="Origin"/>.</param>
/// <param name="Name">What the person calls it, one line of at most 60 characters.</param>
public sealed record PasskeyRegistration(string Origin, string Binding, string Name, string ClientData, string Attestation);
