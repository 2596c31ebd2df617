namespace TrustMesh.Trust.Webhooks;

/// <summary>A webhook as it is kept; the row's id is its name.</summary>
/// <param name="Secret">Sealed (<see cref="Keys.SecretSeal"/>).</param>
/// <param name="Former">The secret before it, sealed; signs too until <paramref name="FormerUntil"/>.</param>
internal sealed record StoredWebhook(string Url, string Severity, byte[] Secret, string By, DateTimeOffset At, byte[]? Former = null, DateTimeOffset? FormerUntil = null);
