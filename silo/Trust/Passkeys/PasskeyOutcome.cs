using TrustMesh.Trust.Operators;

namespace TrustMesh.Trust.Passkeys;

/// <summary>How a sign-in with a passkey ended.</summary>
/// <param name="In">The person, signed in; null if not.</param>
/// <param name="Why">For the log, never for whoever asked.</param>
/// <param name="Copied">The passkey's name and whose it is, if its counter went back: somebody may have a copy.</param>
public sealed record PasskeyOutcome(SignedIn? In, string Why, string? Copied = null);
