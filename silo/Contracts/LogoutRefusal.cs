using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <summary>Why a logout token was not taken, as a provider reads it (OpenID Connect Back-Channel Logout 1.0, 2.8).</summary>
public sealed record LogoutRefusal([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);
