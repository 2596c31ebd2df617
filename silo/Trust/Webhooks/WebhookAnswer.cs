namespace TrustMesh.Trust.Webhooks;

/// <summary>What came of one try.</summary>
/// <param name="Status">HTTP status; null if there was none.</param>
/// <param name="Error">Its class (<see cref="Contracts.WebhookDelivery"/>); null if it arrived.</param>
/// <param name="IsFinal">There is no use in trying again.</param>
public sealed record WebhookAnswer(int? Status, string? Error, int Milliseconds, bool IsFinal = false);
