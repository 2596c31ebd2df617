namespace TrustMesh.Contracts;

/// <summary>Where alerts are told.</summary>
/// <param name="Name">1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.</param>
/// <param name="Url">https; plain http only on loopback. At most 1,024 characters, without a user or a fragment.</param>
/// <param name="Severity">The least that is told: critical, warning, info (everything).</param>
public sealed record WebhookRequest(string Name, string Url, string Severity = "info");
