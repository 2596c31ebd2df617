namespace TrustMesh.Contracts;

/// <param name="Challenge">Base64url; for one ceremony of this browser at this origin.</param>
/// <param name="RpId">Whom credentials are for (WebAuthn 3).</param>
/// <param name="Seconds">How long it counts.</param>
public sealed record PasskeyChallenge(string Challenge, string RpId, int Seconds);
