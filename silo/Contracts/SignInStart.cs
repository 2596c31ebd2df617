namespace TrustMesh.Contracts;

/// <summary>Begins a sign-in that goes through the browser: a passkey ceremony, or the way to an OpenID provider.</summary>
/// <param name="Origin">Of the page the browser has open, such as <c>https://mesh.example</c>; one the silo allows.</param>
/// <param name="Binding">Base64url of 32 random bytes that only this browser's answer will come with: a challenge that was lured out of one browser is worth nothing in another.</param>
public sealed record SignInStart(string Origin, string Binding);
